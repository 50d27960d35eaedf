namespace SeqMnistSweep.Cli.Commands;

/// <summary>A verb that asks one thing of one sweep: <c>pause</c>, <c>resume</c>, <c>stop</c>.</summary>
internal abstract class SweepActionVerb : Verb
{
    private readonly Argument<string> _sweep = Reference.Sweep();

    private readonly Option<bool> _yes = Confirm.Yes();

    /// <param name="did">What was done, as a word: <c>paused</c>.</param>
    /// <param name="then">What that means and what to do next, from the sweep's id and what names the head.</param>
    /// <param name="ends">Whether it cannot be taken back.</param>
    protected SweepActionVerb(
        CommonOptions options,
        string name,
        string description,
        string did,
        Func<ISweepGrain, SweepAction, Task> act,
        Func<string, string, string> then,
        bool ends,
        params (string Line, string What)[] examples)
        : base(name, description, "Sweeps", examples)
    {
        this.Takes(_sweep, options.Database, options.Head, options.Reason);
        if (ends)
        {
            Add(_yes);
        }

        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenControlAsync(parsed, stop, endsLeases: true);
            var id = (await SweepReference.UnfinishedAsync(session, parsed.GetValue(_sweep)!, ends, stop)).Sweep;
            var sweep = id.Value;
            Confirm.Ask(options.Context, !ends || parsed.GetValue(_yes), $"{char.ToUpperInvariant(name[0])}{name[1..]} {sweep}, for good?");
            await session.SweepAsync(id, grain => act(grain, options.Action(parsed)), stop);
            var state = session.IsLocal ? await SettledAsync(session, id, options.Context.Time, stop) : did;
            options.Tell(
                parsed, new JsonObject { ["sweep"] = sweep, ["action"] = name },
                session.IsLocal
                    ? $"{sweep} is {state}: nobody runs it; see it: seqsweep show {sweep}{options.SourceArgument(parsed, session.Results)}"
                    : $"{sweep} is {did}: {then(sweep, options.HeadArgument(parsed))}");
        });
    }

    /// <summary>Where nobody runs it, trials that seem to run have lost their worker: a sweep that is to end with them ends when their leases
    /// do.</summary>
    private static async Task<string> SettledAsync(HeadSession session, SweepId sweep, TimeProvider time, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var status = await session.SweepAsync(sweep, grain => grain.GetStatus(long.MaxValue, stop), stop);
            if (status.State != SweepState.Stopping || tries == 100) return status.State.ToName();

            await Task.Delay(TimeSpan.FromMilliseconds(100), time, stop);
        }
    }
}

internal sealed class PauseCommand(CommonOptions options) : SweepActionVerb(
    options,
    "pause",
    "start no new trials; those that run go on",
    "paused",
    (sweep, action) => sweep.Pause(action),
    (sweep, head) => $"running trials go on to their end; to start others again: seqsweep resume {sweep}{head}",
    ends: false,
    ("seqsweep pause tcn-7f3k", "until: seqsweep resume tcn-7f3k"),
    ("seqsweep pause @last --reason \"demo at ten\"", "the reason stands in its events"));

internal sealed class ResumeCommand(CommonOptions options) : SweepActionVerb(
    options,
    "resume",
    "start new trials again after a pause",
    "resumed",
    (sweep, action) => sweep.Resume(action),
    (sweep, head) => $"workers take its trials again; follow it: seqsweep watch {sweep}{head}",
    ends: false,
    ("seqsweep resume tcn-7f3k", "goes on where it was paused"));

internal sealed class StopCommand(CommonOptions options) : SweepActionVerb(
    options,
    "stop",
    "let running trials end, then end the sweep",
    "stopping",
    (sweep, action) => sweep.Stop(action),
    (sweep, head) => $"no new trial starts; it ends with those that run; to end them too: seqsweep cancel {sweep}{head}",
    ends: true,
    ("seqsweep stop tcn-7f3k", "keeps what its running trials still find"),
    ("seqsweep stop @last --reason \"good enough\"", "the reason stands in its events"));
