using SeqMnistSweep.Cli;

return await CommandLine.RunAsync(args, CommandContext.OfProcess());
