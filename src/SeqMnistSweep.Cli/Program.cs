using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Client;

return await CommandLine.RunAsync(args, CommandContext.OfProcess());
