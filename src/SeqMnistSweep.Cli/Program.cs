using SeqMnistSweep.Cli;
using SeqMnistSweep.Cli.Hosting;

if (args is [Keeper.Verb, .. var command]) return Keeper.Become(command);
if (args is [QueryChild.Verb]) return QueryChild.Run();

StandardStreams.Install();
return await CommandLine.RunAsync(args, CommandContext.OfProcess());
