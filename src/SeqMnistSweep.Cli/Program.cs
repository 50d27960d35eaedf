using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Console;

return await CommandLine.RunAsync(args, CommandContext.OfProcess());
