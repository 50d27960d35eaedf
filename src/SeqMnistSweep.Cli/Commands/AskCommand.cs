using System.Text.Json;
using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.SweepFiles.Reading;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class AskCommand : Verb
{
    private readonly Argument<string> _sweep = Reference.Sweep();
    private readonly Option<string> _leaseTime = Value("--lease-time", "TIME", "how long the trial stays yours after your last word", "1h");
    private readonly Option<string?> _key = Value<string?>("--key", "TEXT", "asked again with the same key the trial is the same");

    public AskCommand(CommonOptions options)
        : base("ask", "take one trial, to run it yourself", "Sweeps",
            ("seqsweep ask tcn-7f3k", "its parameters, and what to say when it is done"),
            ("seqsweep ask tcn-7f3k -o json", "for a script: trial, lease, parameters, seed"))
    {
        this.Takes(_sweep, _leaseTime, _key, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            var life = Quantities.Duration(parsed.GetValue(_leaseTime)!) ?? throw new CommandError(
                ExitCodes.Usage, $"'{parsed.GetValue(_leaseTime)}' is no duration", "write 90s, 45m or 2h");
            var head = options.HeadOf(parsed);
            using var client = HeadHttp.Create(options.Context.Variable);
            using var results = new HeadResults(HeadHttp.Create(options.Context.Variable), head);
            var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
            var answer = await new HeadAsk(client, head, options.Context.Time).AskAsync(
                sweep.Sweep, new AskRequest(HeadSession.By, parsed.GetValue(_key) ?? Guid.NewGuid().ToString("N"), life.TotalSeconds),
                stop);
            if (answer.Trial is null)
            {
                throw new CommandError(
                    ExitCodes.NotFinished,
                    answer.RetryAfter is null
                        ? $"{sweep.Sweep} is {answer.State}: there is nothing left to ask for"
                        : $"{sweep.Sweep} has no trial to give now: it is {answer.State}",
                    answer.RetryAfter is null
                        ? $"the best of it: seqsweep leaderboard {sweep.Sweep}{options.HeadArgument(parsed)}"
                        : "ask again in a moment");
            }

            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, JsonSerializer.SerializeToNode(answer, ResultJson.Options)!);
                return;
            }

            var details = new Details();
            details.Add("trial", answer.Trial);
            details.Add("lease", answer.Lease);
            foreach (var (name, value) in answer.Parameters!)
            {
                // In full: somebody is going to run it.
                details.Add(name, new Cell(value, Cell.Of(value).Data));
            }

            details.Add("seed", answer.Seed);
            options.Write(parsed, details);
            options.Context.Say(
                $"yours for {SweepText.Duration(TimeSpan.FromSeconds(answer.ExpiresIn!.Value))}; when it is done: seqsweep tell {answer.Trial} --lease {answer.Lease} "
                    + $"{answer.Metric}=VALUE{options.HeadArgument(parsed)}");
        });
    }
}
