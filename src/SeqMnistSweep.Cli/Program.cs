using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Worker.Runners;

if (args[0] == "runner")
{
    var stdout = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = false };
    Console.SetOut(Console.Error);
    TorchLibrary.Load(null);
    new RunnerLoop(Console.In, stdout, p => p == "tcn" ? new TcnTrainable() : new TestFunctionTrainable()).Run();
    return 0;
}

var source = File.ReadAllText(args[1]);
var parsed = SweepFile.Parse(source, args[1]);
Console.Error.WriteLine(SeqMnistSweep.SweepFiles.Diagnostics.DiagnosticRenderer.Render(parsed));
var run = new SweepRun(new RunOptions { File = args[1], Database = ".seqsweep/sweeps.db" }, Console.Error.WriteLine, TimeProvider.System);
var status = await run.ExecuteAsync(source, parsed.Definition!, new PlainLines(Console.Error, new SweepText(parsed.Definition!.Space.Varied.ToHashSet()), TimeProvider.System), default);
Console.WriteLine(status);
return 0;
