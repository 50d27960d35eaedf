using System.CommandLine;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class WaitCommand : Verb
{
    private readonly Argument<string> _sweep = new("sweep") { HelpName = "SWEEP", Description = "its id" };
    private readonly Option<string?> _head = new("--head") { HelpName = "URL", Description = "the head (or SEQSWEEP_HEAD; http://127.0.0.1:8080 without both)" };

    public WaitCommand(CommonOptions options)
        : base("wait", "wait for a sweep's end", "Sweeps", ("seqsweep wait tcn-7f3k", "until it has ended"))
    {
        Add(_sweep);
        Add(_head);
        SetAction(async (parsed, cancellation) =>
        {
            var context = options.Context;
            await using var connection = await HeadConnection.OpenAsync(HeadAddress.Of(parsed.GetValue(_head), context.Variable), context.Time, cancellation);
            var sweep = connection.Grains.GetGrain<ISweepGrain>(parsed.GetValue(_sweep)!);
            while (!(await sweep.GetStatus(long.MaxValue, cancellation)).State.IsFinal())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), context.Time, cancellation);
            }

            return ExitCodes.Ok;
        });
    }
}
