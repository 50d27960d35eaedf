using SeqMnistSweep.Benchmarks;
using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;

return await CommandLine.RunAsync(
    args,
    CommandContext.OfProcess() with { Program = "SeqMnistSweep.Benchmarks" },
    context => new BenchCommand(new CommonOptions(context)));
