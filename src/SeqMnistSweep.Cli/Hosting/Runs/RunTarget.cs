using SeqMnistSweep.Methods;

namespace SeqMnistSweep.Cli.Hosting.Runs;

/// <summary>The sweep of the database that a <c>run</c> is about.</summary>
/// <param name="Extends">Whether the file says other than that sweep does, and takes the place of its file.</param>
internal sealed record RunTarget(SweepId Sweep, bool Extends)
{
    /// <summary>The sweep of this content; else that of this name. A file that has changed since begins no other search in silence; where
    /// nothing is left of the sweep of its name that the file could add to, there is no question.</summary>
    /// <returns>Null where there is none, or another is asked for.</returns>
    /// <exception cref="CommandError">There is a sweep of this name with another file, and nobody says what is to become of it.</exception>
    public static RunTarget? Find(ResultReader reader, RunOptions options, SweepDefinition definition, Action<string> talk)
    {
        if (options.New) return null;

        if (options.Meant is { } meant) return new RunTarget(meant, false);

        if ((reader.UnfinishedSweep(definition.Digest) ?? reader.NewestSweep(definition.Digest)) is { } same)
        {
            return new RunTarget(same, false);
        }

        if (reader.Sweeps().FirstOrDefault(sweep => sweep.Name == definition.Name) is not { } found) return null;

        // An earlier program counted words for people as content.
        var isSame = found.ReadDefinition()?.Digest == definition.Digest;
        var id = SweepId.Parse(found.Sweep);
        if (isSame || options.Extend) return new RunTarget(id, !isSame);

        var planned = SweepPlan.TrialsWith(definition, reader.Trials(id).Select(trial => ParameterSet.FromJson(trial.Params)));
        if (HasEnded(found) && planned <= found.Planned)
        {
            talk($"{found.Sweep} of this name {How(found)}; its file was another, and this one would add nothing to it: it is a new sweep");
            return null;
        }

        throw new CommandError(
            ExitCodes.NotAllowed, $"{found.Sweep} of this name {How(found)}, and its file was another",
            $"--extend goes on with it{(planned is { } trials ? $" to {trials} trials" : "")}, --new starts another");
    }

    private static bool HasEnded(SweepRow sweep) => StateNames.Parse<SweepState>(sweep.State).IsFinal();

    private static string How(SweepRow sweep)
    {
        var ended = sweep.Completed + sweep.Pruned + sweep.Failed + sweep.Cancelled;
        var count = sweep.Planned is { } planned ? $"{ended} of {planned} trials" : $"{ended} trials";
        return HasEnded(sweep) ? $"has ended ({sweep.State}) after {count}" : $"stopped at {count}";
    }
}
