using SeqMnistSweep.Methods;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The sweep of the database that a <c>run</c> is about.</summary>
/// <param name="Extends">Whether the file says other than that sweep does, and takes the place of its file.</param>
internal sealed record RunTarget(SweepId Sweep, bool Extends)
{
    /// <summary>The sweep of this content; else that of this name. A file that has changed since begins no other search in silence.</summary>
    /// <returns>Null where there is none, or another is asked for.</returns>
    /// <exception cref="CommandError">There is a sweep of this name with another file, and nobody says what is to become of it.</exception>
    public static RunTarget? Find(ResultReader reader, RunOptions options, SweepDefinition definition)
    {
        if (options.New) return null;

        if (options.Meant is { } meant) return new RunTarget(meant, false);

        if ((reader.UnfinishedSweep(definition.Digest) ?? reader.NewestSweep(definition.Digest)) is { } same)
        {
            return new RunTarget(same, false);
        }

        if (reader.Sweeps().FirstOrDefault(sweep => sweep.Name == definition.Name) is not { } found) return null;

        // An earlier program counted words for people as content.
        var isSame = SweepFile.Parse(found.Spec, $"{found.Name}.yaml").Definition?.Digest == definition.Digest;
        return isSame || options.Extend
            ? new RunTarget(SweepId.Parse(found.Sweep), !isSame)
            : throw new CommandError(
                ExitCodes.NotAllowed, $"{found.Sweep} of this name {How(found)}, and its file was another",
                $"--extend goes on with it{To(definition)}, --new starts another");
    }

    private static string How(SweepRow sweep)
    {
        var ended = sweep.Completed + sweep.Pruned + sweep.Failed + sweep.Cancelled;
        var count = sweep.Planned is { } planned ? $"{ended} of {planned} trials" : $"{ended} trials";
        return StateNames.Parse<SweepState>(sweep.State).IsFinal() ? $"has ended ({sweep.State}) after {count}" : $"stopped at {count}";
    }

    private static string To(SweepDefinition definition) =>
        SweepPlan.Of(definition).Trials is { } trials ? $" to {trials} trials" : "";
}
