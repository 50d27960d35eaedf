using System.Runtime.InteropServices;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>The child process in which a slot trains, started by workers only. Speaks the runner protocol.</summary>
internal sealed class RunnerCommand : Verb
{
    private readonly Option<string?> _libtorch = Value<string?>("--libtorch", "DIR", "use this libtorch");
    private readonly Option<bool> _check = Flag("--check", "load libtorch and end: exit code 0, or 2 with the reason on standard error");

    public RunnerCommand()
        : base("runner", "train trials for a worker (started by it)", "Fleet")
    {
        Hidden = true;
        this.Takes(_libtorch, _check);
        SetAction(parsed =>
        {
            if (parsed.GetValue(_check)) return Check(parsed.GetValue(_libtorch));

            // A Ctrl-C in the terminal reaches every process there, and so does its end; the worker alone decides what it means for its
            // runners.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
            using var output = new StreamWriter(System.Console.OpenStandardOutput());
            using var input = new StreamReader(System.Console.OpenStandardInput());

            // Whatever else writes to the console must not get between the messages.
            System.Console.SetOut(System.Console.Error);
            var libtorch = parsed.GetValue(_libtorch);
            new RunnerLoop(input, output, program => Find(program, libtorch)).Run();
            return ExitCodes.Ok;
        });
    }

    private static int Check(string? libtorch)
    {
        try
        {
            TorchLibrary.Load(libtorch);
            return ExitCodes.Ok;
        }
        catch (TorchLoadException error)
        {
            System.Console.Error.WriteLine(error.Message);
            return ExitCodes.Usage;
        }
    }

    private static ITrainable Find(string program, string? libtorch) =>
        TrainableCatalog.Find(program) is { NeedsLibtorch: true } ? new TcnTrainable(libtorch: libtorch) : new TestFunctionTrainable();
}
