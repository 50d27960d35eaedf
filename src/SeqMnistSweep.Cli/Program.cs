using SeqMnistSweep.Cli;

StandardStreams.Install();
return await CommandLine.RunAsync(args, CommandContext.OfProcess());
