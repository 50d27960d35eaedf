namespace SeqMnistSweep.Cli.Commands;

/// <summary>A verb that asks one thing of one sweep: <c>pause</c>, <c>resume</c>, <c>stop</c>.</summary>
internal abstract class SweepActionVerb : Verb
{
    private readonly Argument<string> _sweep = Reference.Sweep();

    /// <param name="did">What was done, as a word: <c>paused</c>.</param>
    /// <param name="then">What that means and what to do next, from the sweep's id and what names the head.</param>
    protected SweepActionVerb(
        CommonOptions options,
        string name,
        string description,
        string did,
        Func<ISweepGrain, SweepAction, Task> act,
        Func<string, string, string> then,
        params (string Line, string What)[] examples)
        : base(name, description, "Sweeps", examples)
    {
        this.Takes(_sweep, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenHeadAsync(parsed, stop);
            var sweep = SweepReference.RequireUnfinished(await SweepReference.ResolveAsync(session.Results, parsed.GetValue(_sweep), stop));
            await session.SweepAsync(SweepId.Parse(sweep), grain => act(grain, options.Action(parsed)), stop);
            options.Tell(
                parsed, new JsonObject { ["sweep"] = sweep, ["action"] = name },
                $"{sweep} is {did}: {then(sweep, options.HeadArgument(parsed))}");
            return ExitCodes.Ok;
        });
    }
}
