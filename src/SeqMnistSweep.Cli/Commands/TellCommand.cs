using System.Text.Json;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class TellCommand : Verb
{
    private readonly Argument<string> _trial = Positional<string>("trial", "TRIAL", "SWEEP/17, as ask gave it");
    private readonly Argument<string[]> _metrics =
        Positional<string[]>("metrics", "[NAME=VALUE...]", "metrics of one more epoch", ArgumentArity.ZeroOrMore);
    private readonly Option<string?> _lease = Value<string?>("--lease", "LEASE", "as ask gave it, whole (or SEQSWEEP_LEASE); needed");
    private readonly Option<int?> _epoch = Value<int?>("--epoch", "N", "the epoch of the metrics; the one after the last when absent");
    private readonly Option<bool> _report =
        Flag("--report", "the trial goes on: print continue, stop or pause; without metrics a sign of life");
    private readonly Option<string?> _failed =
        Value<string?>("--failed", "CAUSE", "it failed: crashed, out_of_memory, diverged, timeout or invalid");
    private readonly Option<bool> _release = Flag("--release", "give it back unfinished");
    private readonly Option<string?> _reason = Value<string?>("--reason", "TEXT", "what went wrong, or why it is given back");

    public TellCommand(CommonOptions options)
        : base("tell", "say what became of a trial that you asked for", "Sweeps",
            ("seqsweep tell tcn-7f3k/17 --lease 1.2TQk... val_loss=0.31", "it is done"),
            ("seqsweep tell tcn-7f3k/17 --lease 1.2TQk... --report --epoch 2 val_loss=0.4", "an epoch; prints the verdict"),
            ("seqsweep tell tcn-7f3k/17 --lease 1.2TQk... --failed diverged", "it failed"))
    {
        this.Takes(_trial, _metrics, _lease, _epoch, _report, _failed, _release, _reason, options.Database, options.Head);

        SetAction((parsed, stop) => TellAsync(options, parsed, stop));
    }

    private async Task<int> TellAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        if ((parsed.GetValue(_lease) ?? options.Context.Variable("SEQSWEEP_LEASE")) is not { } lease)
        {
            throw new CommandError(
                ExitCodes.Usage, "--lease is needed: without it a trial that was given to somebody else could be told of",
                "seqsweep ask printed it");
        }

        if (new[] { parsed.GetValue(_report), parsed.GetValue(_failed) is not null, parsed.GetValue(_release) }.Count(given => given) > 1)
        {
            throw new CommandError(
                ExitCodes.Usage, "--report, --failed and --release exclude each other", "a trial goes on, has failed, or is given back");
        }

        var metrics = Metrics(parsed.GetValue(_metrics)!);
        using var client = HeadHttp.Create(options.Context.Variable);
        using var results = new HeadResults(HeadHttp.Create(options.Context.Variable), options.HeadOf(parsed));
        var id = await SweepReference.TrialIdAsync(results, parsed.GetValue(_trial)!, stop);
        var trial = id.ToString();
        var head = new HeadAsk(client, options.HeadOf(parsed), options.Context.Time);
        if (parsed.GetValue(_report))
        {
            var verdict = await head.ReportAsync(id.Sweep.Value, new ReportRequest(trial, lease, parsed.GetValue(_epoch), metrics), stop);
            Write(options, parsed, verdict, verdict.Verdict);
            return ExitCodes.Ok;
        }

        var state = parsed.GetValue(_failed) is not null ? "failed" : parsed.GetValue(_release) ? "released" : "completed";
        var told = await head.TellAsync(
            id.Sweep.Value,
            new TellRequest(
                trial, lease, state, null, parsed.GetValue(_epoch), metrics, parsed.GetValue(_failed), parsed.GetValue(_reason)),
            stop);
        Write(options, parsed, told, told.State);
        return ExitCodes.Ok;
    }

    /// <summary>The answer as JSON, or its one word.</summary>
    private static void Write<T>(CommonOptions options, ParseResult parsed, T answer, string word)
    {
        if (options.IsJson(parsed))
        {
            options.WriteJson(parsed, JsonSerializer.SerializeToNode(answer, ResultJson.Options)!);
        }
        else
        {
            options.Context.Out.WriteLine(word);
        }
    }

    private static Dictionary<string, double>? Metrics(string[] given)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !double.TryParse(text.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw new CommandError(ExitCodes.Usage, $"'{text}' is no metric", "write NAME=VALUE, for example val_loss=0.31");
            }

            metrics[text[..equals]] = value;
        }

        return metrics.Count > 0 ? metrics : null;
    }
}
