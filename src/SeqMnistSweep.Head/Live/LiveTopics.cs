namespace SeqMnistSweep.Head.Live;

/// <summary>What a client subscribes to, written <c>sweeps,workers,sweep:ID,trial:ID/N</c>.</summary>
/// <param name="Sweeps">The list of sweeps.</param>
/// <param name="Of">Sweeps whose summary the client shows.</param>
/// <param name="Trials">Trials whose row the client shows.</param>
internal sealed record LiveTopics(bool Sweeps, bool Workers, ImmutableArray<SweepId> Of, ImmutableArray<TrialId> Trials)
{
    /// <summary>Further topics are ignored.</summary>
    public const int Max = 50;

    public bool IsEmpty => !Sweeps && !Workers && Of.IsEmpty && Trials.IsEmpty;

    /// <returns>Null for an unknown topic.</returns>
    public static LiveTopics? Parse(string? text)
    {
        var (sweeps, workers) = (false, false);
        var of = ImmutableArray.CreateBuilder<SweepId>();
        var trials = ImmutableArray.CreateBuilder<TrialId>();
        foreach (var word in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()
            .Take(Max))
        {
            switch (word.Split(':', 2))
            {
                case ["sweeps"]: sweeps = true; break;
                case ["workers"]: workers = true; break;
                case ["sweep", var id] when SweepId.TryParse(id, out var sweep): of.Add(sweep); break;
                case ["trial", var id] when TrialId.TryParse(id, out var trial): trials.Add(trial); break;
                default: return null;
            }
        }

        return new LiveTopics(sweeps, workers, of.ToImmutable(), trials.ToImmutable());
    }
}
