using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.FaultSimulation;

return await CommandLine.RunAsync(
    args,
    CommandContext.OfProcess() with { Program = "SeqMnistSweep.FaultSimulation" },
    context => new FaultCommand(new CommonOptions(context)));
