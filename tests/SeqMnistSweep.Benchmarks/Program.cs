using SeqMnistSweep.Benchmarks;
using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Commands;

return await CommandLine.RunAsync(
    args,
    CommandContext.OfProcess() with { Program = "SeqMnistSweep.Benchmarks" },
    context => new BenchCommand(new CommonOptions(context)));
