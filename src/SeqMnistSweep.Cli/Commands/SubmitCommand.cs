using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class SubmitCommand : Verb
{
    private readonly Argument<string> _file = Positional<string>("file", "FILE", "a sweep file; - is stdin");
    private readonly Option<string?> _key =
        Value<string?>("--key", "KEY", "a second submit with the same key finds the sweep of the first");
    private readonly Option<int?> _count = CountOption.Create();
    private readonly PriorOption _prior = PriorOption.Create();
    private readonly Option<bool> _paused = Flag("--paused", "start nothing before: seqsweep resume");
    private readonly Option<bool> _watch = Flag("--watch", "watch it to its end; exit code 7 when it fails");
    private readonly Option<bool> _plain = SweepViews.Plain();

    public SubmitCommand(CommonOptions options)
        : base("submit", "search on the workers of a head", "Sweeps",
            ("seqsweep submit sweep.yaml", "prints the sweep's id, and returns"),
            ("seqsweep submit sweep.yaml --watch", "and watches it to its end"),
            ("seqsweep submit sweep.yaml --count 50", "at most 50 configurations, as with wandb agent --count"),
            ("seqsweep submit sweep.yaml --key nightly", "may be repeated: there is one sweep"),
            ("seqsweep submit - --paused < sweep.yaml", "from stdin; starts with: resume"))
    {
        this.Takes(_file, options.Head, _count, _key, _prior, _paused, _watch, _plain);
        SetAction(async (parsed, stop) =>
        {
            var file = _count.Apply(parsed, SweepSource.Parse(options.Context, parsed.GetValue(_file)!));
            var definition = SweepSource.Require(options.Context, file);
            SweepSource.WarnOfProgram(options.Context, definition, parsed.GetValue(_file)!);
            await using var session = await options.OpenHeadAsync(parsed, stop);
            var priors = await _prior.ReadAsync(parsed, definition, session.Results, stop);
            var request = new SubmitRequest(
                file.Source, file.FileName, New: true, null, HeadSession.By, parsed.GetValue(_key), parsed.GetValue(_paused), priors);
            var reply = await session.HeadAsync(head => head.Submit(request), stop);
            Tell(options, parsed, reply);
            if (parsed.GetValue(_watch))
            {
                return await new SweepFollow(options, parsed, session, parsed.GetValue(_plain), options.Context.Error).UntilEndAsync(
                    reply.Sweep, file.Source, since: null, failedIsFailure: true, stop);
            }

            SayNext(
                options, parsed, definition, reply,
                definition.Program == TrainableCatalog.Asked ? null : await WhyNothingStarts(session, stop));
            return ExitCodes.Ok;
        });
    }

    internal static void Tell(CommonOptions options, ParseResult parsed, SubmitReply reply)
    {
        var output = options.Context.Out;
        if (options.IsJson(parsed))
        {
            options.WriteJson(
                parsed, new JsonObject { ["sweep"] = reply.Sweep.Value, ["found"] = reply.Continued, ["state"] = reply.State.ToName() });
        }
        else
        {
            output.WriteLine(reply.Sweep.Value);
        }

        output.Flush();
    }

    private static void SayNext(CommonOptions options, ParseResult parsed, SweepDefinition definition, SubmitReply reply, string? waits)
    {
        var context = options.Context;
        var (sweep, head) = (reply.Sweep, options.HeadArgument(parsed));
        if (reply.Continued)
        {
            context.Say($"that key was submitted before: {sweep} is {reply.State.ToName()}");
        }
        else
        {
            var plan = SweepPlan.Of(definition);
            var trials = plan.Trials is { } known ? Plural.Of(known, "trial")
                : plan.IsTooLarge ? "a grid with too many points to be counted"
                : "runs until it is stopped";
            context.Say(
                $"{sweep}: {trials}"
                    + (reply.State == SweepState.Paused ? ", paused" : ""));
        }

        if (reply.Prior is { } prior)
        {
            context.Say($"  prior       {prior}");
        }

        if (waits is not null)
        {
            context.Say(waits);
        }

        if (reply.State == SweepState.Paused)
        {
            context.Say($"  start it    seqsweep resume {sweep}{head}");
        }

        if (definition.Program == TrainableCatalog.Asked)
        {
            context.Say($"  take one    seqsweep ask {sweep}{head}");
        }

        context.Say($"  follow it   seqsweep watch {sweep}{head}");
        context.Say($"  results     seqsweep leaderboard {sweep}{head}");
    }

    private static async Task<string?> WhyNothingStarts(HeadSession session, CancellationToken stop)
    {
        var workers = await session.HeadAsync(head => head.GetWorkers(), stop);
        var ready = workers.Where(worker => worker.State == WorkerState.Ready).ToList();
        var slots = ready.Sum(worker => worker.Slots);
        return ready.Count == 0 ? "no worker takes trials yet; start one with: seqsweep worker"
            : ready.Sum(worker => worker.Running.Length) >= slots ? $"{Plural.Of(slots, "slot")}, all busy: it waits its turn"
            : null;
    }
}
