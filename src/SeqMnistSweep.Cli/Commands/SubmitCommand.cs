using System.CommandLine;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Grains;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class SubmitCommand : Verb
{
    private readonly Argument<string> _file = new("file") { HelpName = "FILE", Description = "a sweep file; - reads it from stdin" };
    private readonly Option<string?> _head = new("--head") { HelpName = "URL", Description = "the head (or SEQSWEEP_HEAD; http://127.0.0.1:8080 without both)" };

    public SubmitCommand(CommonOptions options)
        : base("submit", "send a sweep to a head", "Sweeps", ("seqsweep submit sweep.yaml", "prints the sweep's id"))
    {
        Add(_file);
        Add(_head);
        SetAction(async (parsed, cancellation) =>
        {
            var context = options.Context;
            var file = SweepSource.Parse(context, parsed.GetValue(_file)!);
            SweepSource.Require(context, file);
            await using var connection = await HeadConnection.OpenAsync(HeadAddress.Of(parsed.GetValue(_head), context.Variable), context.Time, cancellation);
            var reply = await connection.Head.Submit(new SubmitRequest(file.Source, parsed.GetValue(_file)!, true, null, $"{Environment.UserName}@{Environment.MachineName}"));
            context.Out.WriteLine(reply.Sweep);
            return ExitCodes.Ok;
        });
    }
}
