using System.Runtime.InteropServices;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Training.Torch;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Cli.Commands;

/// <summary>The child process in which a slot trains, started by workers only. Speaks the runner protocol.</summary>
internal sealed class RunnerCommand : Verb
{
    private readonly Option<string?> _libtorch = Value<string?>("--libtorch", "DIR", "use this libtorch");
    private readonly Option<bool> _check = Flag(
        "--check", "try what training needs and end: exit code 0, or 2 with the reason on standard error");

    private readonly Option<int> _gpus = Value<int>("--gpus", "N", "with --check: so many GPUs; without, libtorch");

    private readonly Option<double?> _throughput = Value<double?>(
        "--throughput", "SECONDS", "measure how fast the default network trains, so long for each line of input");

    public RunnerCommand()
        : base("runner", "train trials for a worker (started by it)", "Fleet")
    {
        Hidden = true;
        this.Takes(_libtorch, _check, _gpus, _throughput);
        SetAction(parsed =>
        {
            if (parsed.GetValue(_check)) return Check(parsed.GetValue(_libtorch), parsed.GetValue(_gpus));

            if (parsed.GetValue(_throughput) is { } seconds)
            {
                return Measure(parsed.GetValue(_libtorch), parsed.GetValue(_gpus) > 0 ? "cuda:0" : "cpu", TimeSpan.FromSeconds(seconds));
            }

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

    private static int Measure(string? libtorch, string device, TimeSpan round)
    {
        try
        {
            if (device != "cpu" && Problem(libtorch, 1) is { } problem)
            {
                System.Console.Error.WriteLine(problem);
                return ExitCodes.Usage;
            }

            ThroughputTest.Run(device, libtorch, round, System.Console.In, System.Console.Out);
            return ExitCodes.Ok;
        }
        catch (Exception error) when (error is TorchLoadException or ExternalException)
        {
            System.Console.Error.WriteLine(error.Message.Split('\n')[0]);
            return ExitCodes.Usage;
        }
    }

    private static int Check(string? libtorch, int gpus)
    {
        if (Problem(libtorch, gpus) is not { } problem) return ExitCodes.Ok;

        System.Console.Error.WriteLine(problem);
        return ExitCodes.Usage;
    }

    /// <summary>Programs of users bring their own libtorch, or none: a GPU is then asked of its driver alone.</summary>
    private static string? Problem(string? libtorch, int gpus)
    {
        if (gpus > 0 && CudaDriver.Problem(gpus) is { } refusal) return refusal;

        if (gpus > 0 && !LibtorchFiles.HaveCuda(libtorch)) return null;

        try
        {
            TorchLibrary.Load(libtorch);
            return gpus > 0 ? DeviceTest.Problem(gpus) : null;
        }
        catch (TorchLoadException error)
        {
            return error.Message;
        }
    }

    private static ITrainable Find(string program, string? libtorch) =>
        TrainableCatalog.Find(program) is { NeedsLibtorch: true } ? new TcnTrainable(libtorch: libtorch) : new TestFunctionTrainable();
}
