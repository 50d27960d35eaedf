using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Hosting;

if (args is [Keeper.Verb, .. var command]) return Keeper.Become(command);

StandardStreams.Install();
return await CommandLine.RunAsync(args, CommandContext.OfProcess());
