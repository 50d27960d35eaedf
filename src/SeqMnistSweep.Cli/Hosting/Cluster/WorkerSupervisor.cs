using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>One worker process per device, started again when it dies, unless it ended well or can never start.</summary>
/// <param name="join">The join line, handed on by the environment: arguments are seen by everybody on the machine. Null for none.</param>
internal sealed class WorkerSupervisor(Action<string> say, TimeProvider time, string? join = null)
{
    private const int Terminate = 15;

    /// <summary>Exit codes that starting again does not change: a wrong option, a device or name that is taken, another version.</summary>
    private static readonly int[] Hopeless = [ExitCodes.Usage, ExitCodes.NotAllowed, ExitCodes.HeadUnreachable];

    /// <returns>The first exit code that was not 0; 0 when every worker ended well.</returns>
    public async Task<int> RunAsync(IReadOnlyList<(string Name, IReadOnlyList<string> Command)> workers, CancellationToken stop)
    {
        var codes = await Task.WhenAll(workers.Select(worker => KeepAsync(worker.Name, worker.Command, stop)));
        return codes.FirstOrDefault(code => code != ExitCodes.Ok);
    }

    private async Task<int> KeepAsync(string name, IReadOnlyList<string> command, CancellationToken stop)
    {
        var delay = new RestartDelay();
        while (true)
        {
            var started = time.GetTimestamp();
            var code = await RunOnceAsync(command, stop);
            if (code == ExitCodes.Ok || stop.IsCancellationRequested) return code;

            if (Hopeless.Contains(code))
            {
                say($"{name} ended with code {code} and is not started again");
                return code;
            }

            var wait = delay.After(time.GetElapsedTime(started));
            say(string.Create(CultureInfo.InvariantCulture, $"{name} died (code {code}); it is started again in {wait.TotalSeconds:0} s"));
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return ExitCodes.Ok;
        }
    }

    private async Task<int> RunOnceAsync(IReadOnlyList<string> command, CancellationToken stop)
    {
        // Its input stays open as long as this process lives: a worker whose supervisor was killed sees the end of it and drains.
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, UseShellExecute = false };
        if (join is not null)
        {
            start.Environment[JoinOption.Variable] = join;
        }

        using var process = Process.Start(start)!;
        using var told = stop.Register(() => _ = Kill(process.Id, Terminate));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

/// <summary>The wait before a worker that died starts again: 1 s, doubled up to a minute, 1 s again once it lived for one.</summary>
internal sealed class RestartDelay
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    public TimeSpan After(TimeSpan lived)
    {
        if (lived >= Longest)
        {
            _next = First;
        }

        var delay = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return delay;
    }
}
