using System.Diagnostics;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>Lets a process like those that train try what they will need, and kills it when it takes too long: a driver may never
/// answer.</summary>
public static class DeviceCheck
{
    /// <summary>A cold start of CUDA on a slow file system takes half a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Why the GPUs cannot be used; null where they can.</summary>
    /// <param name="runnerCommand">Program and arguments that start a runner.</param>
    /// <param name="gpuIds">Their UUIDs.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<string?> ProblemAsync(
        IReadOnlyList<string> runnerCommand, ImmutableArray<string> gpuIds, CancellationToken cancellation) =>
        ProblemAsync(
            runnerCommand, gpuIds.Length, environment => RunnerEnvironment.Show(environment, gpuIds), Limit, cancellation);

    /// <summary>Why libtorch, or one of the GPUs, cannot be used; null where all can.</summary>
    /// <param name="gpus">To be tried; without any, libtorch is loaded and no more.</param>
    /// <param name="set">Sets the environment of the process.</param>
    internal static async Task<string?> ProblemAsync(
        IReadOnlyList<string> runnerCommand, int gpus, Action<IDictionary<string, string?>> set, TimeSpan limit,
        CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            runnerCommand[0], [.. runnerCommand.Skip(1), "--check", "--gpus", gpus.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        set(start.Environment);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(limit);
        try
        {
            var said = await process.StandardError.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return process.ExitCode == 0 ? null
                : said.Trim() is { Length: > 0 } reason ? reason : $"the process that tried it ended with code {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return $"the driver did not answer in {limit.TotalSeconds:0} s";
        }
    }

    /// <summary>Why libtorch does not load; null where it does.</summary>
    public static Task<string?> LibtorchProblemAsync(IReadOnlyList<string> runnerCommand, CancellationToken cancellation) =>
        ProblemAsync(runnerCommand, 0, _ => { }, Limit, cancellation);
}
