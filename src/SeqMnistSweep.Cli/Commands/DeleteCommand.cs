using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class DeleteCommand : Verb
{
    private readonly Argument<string[]> _sweeps = Reference.Sweeps();
    private readonly Option<bool> _yes = Confirm.Yes();

    public DeleteCommand(CommonOptions options)
        : base("delete", "delete sweeps that have ended, with their files, for ever", "Sweeps",
            ("seqsweep delete tcn-7f3k", "asks; its checkpoints, logs and files go too"),
            ("seqsweep delete tcn-7f3k tcn-9qk2 --yes", "two of them, and does not ask"),
            ("seqsweep archive tcn-7f3k", "only leaves it out of lists"))
    {
        Aliases.Add("rm");
        this.Takes(_sweeps, _yes, options.Database, options.Head, options.Reason);
        SetAction(async (parsed, stop) =>
        {
            await using var session = await options.OpenControlAsync(parsed, stop);
            var sweeps = new List<SweepRow>();
            foreach (var reference in parsed.GetValue(_sweeps)!)
            {
                sweeps.Add(RequireEnded(await SweepReference.ResolveOneAsync(session.Results, reference, stop), options, parsed));
            }

            foreach (var sweep in sweeps.DistinctBy(sweep => sweep.Sweep))
            {
                var id = SweepId.Parse(sweep.Sweep);
                var use = await session.Results.UseAsync(id, stop);
                Confirm.Demand(options.Context, parsed.GetValue(_yes), Question(sweep, use));
                await DeleteAsync(session, id, options.Action(parsed), stop);
                options.Tell(
                    parsed,
                    new JsonObject { ["sweep"] = id.Value, ["action"] = "delete", ["files"] = use.Files, ["bytes"] = use.Bytes },
                    $"{id} is deleted, with {Of(use)}");
            }
        });
    }

    private static SweepRow RequireEnded(SweepRow sweep, CommonOptions options, ParseResult parsed) => sweep.Finished is not null
        ? sweep
        : throw new CommandError(
            ExitCodes.NotAllowed, $"{sweep.Sweep} is {sweep.State}: one that has not ended is not deleted",
            $"end it first: seqsweep cancel {sweep.Sweep}{options.HeadArgument(parsed)}");

    private static string Question(SweepRow sweep, FolderUse use) =>
        $"Delete {sweep.Sweep}{(sweep.Title is { } title ? $" ({title})" : "")}: {Plural.Of(sweep.Trials, "trial")} and {Of(use)}, "
            + "for ever?";

    private static string Of(FolderUse use) => use.Files == 0
        ? "no file"
        : $"{Plural.Of(use.Files, "file")} ({Counted.Bytes(use.Bytes)})";

    /// <summary>A head goes on by itself; one within this process ends with it.</summary>
    private static async Task DeleteAsync(HeadSession session, SweepId sweep, SweepAction action, CancellationToken stop)
    {
        var reply = await session.SweepAsync(sweep, grain => grain.Delete(action), stop);
        while (session.IsLocal && !reply.Removed)
        {
            reply = await session.SweepAsync(sweep, grain => grain.Delete(action), stop);
        }
    }
}
