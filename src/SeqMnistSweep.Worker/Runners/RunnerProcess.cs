using System.Diagnostics;
using System.Threading.Channels;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>A process that speaks the runner protocol, kept for the next trial.</summary>
internal sealed class RunnerProcess : ProcessRunner
{
    /// <summary>How long an idle runner may take to end when its input is closed.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly int _threads;
    private readonly AttemptNarrator _narrator;
    private readonly Channel<RunnerCommand> _commands = Channel.CreateUnbounded<RunnerCommand>(
        new UnboundedChannelOptions { SingleReader = true });

    /// <exception cref="RunnerStartException">The runner could not be started.</exception>
    public RunnerProcess(WorkerOptions options, int threads)
    {
        _threads = threads;
        _narrator = new AttemptNarrator(Note);
        var info = new ProcessStartInfo(options.RunnerCommand[0], options.RunnerCommand.Skip(1));
        RunnerEnvironment.Apply(info.Environment, options, threads);

        // A runner calls few methods, and those for hours: they are compiled for speed after as many calls as .NET's own rule says.
        info.Environment["DOTNET_TC_CallCountThreshold"] = "1E";
        info.Environment["DOTNET_TC_CallCountingDelayMs"] = "64";
        Launch(info, $"the runner '{info.FileName}'");
        _ = PumpCommands(Process!.StandardInput);
    }

    public override string Name => $"the runner (pid {Id})";

    public override bool StaysWarm => true;

    /// <remarks>The number of OpenMP threads is fixed when a process starts.</remarks>
    public override bool CanRun(TrialGrant grant) =>
        TrainableCatalog.Find(grant.Program) is not null && grant.Threads == _threads && !Process!.HasExited;

    public override void Send(RunnerCommand command)
    {
        if (command is RunnerCommand.Start(var assignment))
        {
            _narrator.Start(assignment);
        }

        _commands.Writer.TryWrite(command);
    }

    public override void Kill()
    {
        try
        {
            Process!.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
        }
    }

    protected override async ValueTask<AttemptEvent?> EventOfAsync(string line, LineReader next, Action<string> complain)
    {
        await ValueTask.CompletedTask;
        if (!RunnerLine.TryRead<AttemptEvent>(line, out var happened)) return null;

        _narrator.Hear(happened!);
        return happened;
    }

    protected override void Ended() => _commands.Writer.TryComplete();

    protected override AttemptEvent? LastEvent(RunnerExit exit) => null;

    /// <summary>An idle runner ends when its input is closed, any other by force.</summary>
    protected override async Task CloseAsync()
    {
        _commands.Writer.TryComplete();
        var exit = ExitAsync();
        await ((Task)exit).WaitAsync(Farewell).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!exit.IsCompleted)
        {
            Kill();
        }
    }

    /// <summary>One writer: two at once would get in each other's way, and one of the commands lost.</summary>
    private async Task PumpCommands(StreamWriter input)
    {
        try
        {
            await foreach (var command in _commands.Reader.ReadAllAsync())
            {
                await input.WriteAsync(RunnerLine.Write(command) + "\n");
                await input.FlushAsync();
            }

            input.Close();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The runner has gone, which its end tells.
        }
    }
}
