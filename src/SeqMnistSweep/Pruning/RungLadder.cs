using SeqMnistSweep.Fronts;

namespace SeqMnistSweep.Pruning;

/// <summary>The epochs at which trials are compared: min, min eta, min eta^2, ..., below max. Bracket b leaves out the first b of them, and
/// configurations are dealt to brackets in Hyperband's proportions (Li et al. 2018): eta^(r-1) / r for a bracket of r levels, the full
/// training being the last one.</summary>
internal sealed class RungLadder
{
    /// <summary>Its multiples modulo 1 fall evenly: every stretch of configurations is dealt in the same proportions.</summary>
    private static readonly double GoldenRatio = (Math.Sqrt(5) - 1) / 2;

    private readonly double[] _shares;

    /// <param name="max">Epochs of a full training; null when rungs have no end.</param>
    /// <param name="brackets">No more than there can be: the last one has no rung at all.</param>
    public RungLadder(int min, int? max, double eta, int brackets = 1)
    {
        Rungs = Epochs(min, max ?? EpochReport.MaxEpoch, eta);
        var weights = Enumerable.Range(0, Math.Min(brackets, Rungs.Length + 1)).Select(bracket => Weight(Rungs.Length - bracket + 1, eta))
            .ToArray();
        _shares = [.. weights.Select(weight => weight / weights.Sum())];
    }

    /// <summary>Of the first bracket, which has them all.</summary>
    public ImmutableArray<int> Rungs { get; }

    public int Brackets => _shares.Length;

    public bool IsRung(int epoch) => Rungs.BinarySearch(epoch) >= 0;

    /// <summary>Counted from 0.</summary>
    public int BracketOf(int configuration)
    {
        var place = configuration * GoldenRatio % 1;
        var bracket = 0;
        while (bracket < _shares.Length - 1 && place >= _shares[bracket])
        {
            place -= _shares[bracket++];
        }

        return bracket;
    }

    /// <summary>The highest rung that the trial has reached; null when it has reached none.</summary>
    public int? Reached(LearningCurve trial)
    {
        var bracket = BracketOf(trial.Configuration);
        for (var i = Rungs.Length - 1; i >= bracket; i--)
        {
            if (Rungs[i] <= trial.Values.Count) return Rungs[i];
        }

        return null;
    }

    /// <summary>The rung that the trial's newest report has reached or passed over; null when it passed none.</summary>
    public int? JustReached(LearningCurve trial) => Reached(trial) is { } rung && rung > trial.EpochBefore ? rung : null;

    private static ImmutableArray<int> Epochs(int min, int max, double eta)
    {
        var rungs = ImmutableArray.CreateBuilder<int>();
        for (double level = min; level < max; level *= eta)
        {
            if (rungs.Count == 0 || (int)level > rungs[^1])
            {
                rungs.Add((int)level);
            }
        }

        return rungs.ToImmutable();
    }

    private static double Weight(int levels, double eta) => Math.Pow(eta, levels - 1) / levels;
}

/// <summary>A trial's place among the values at a rung.</summary>
/// <param name="Of">Values at the rung, its own included.</param>
/// <param name="Better">Of these, those that are strictly better: ties share the better place.</param>
internal readonly record struct RungOrder(int Of, int Better)
{
    /// <summary>Counted from 1.</summary>
    public int Place => Better + 1;

    /// <summary>By value; of several metrics by fronts, and within a front by the distance to the neighbours.</summary>
    public static RungOrder Among(LearningCurve trial, IEnumerable<LearningCurve> rivals, int rung)
    {
        if (trial.Others.Count == 0) return Among(trial.At(rung), rivals.Select(rival => rival.At(rung)));

        List<LearningCurve> there = [trial, .. rivals.Where(rival => !double.IsNaN(rival.At(rung)))];
        var places = Pareto.Best(there.ConvertAll(curve => curve.LossesAt(rung)), there.Count);
        var own = places.Find(place => place.Index == 0);
        return new RungOrder(
            there.Count, places.Count(place => place.Rank < own.Rank || (place.Rank == own.Rank && place.Crowding > own.Crowding)));
    }

    /// <param name="others">NaN for one that has none here.</param>
    public static RungOrder Among(double value, IEnumerable<double> others)
    {
        var (count, better) = (1, 0);
        foreach (var other in others)
        {
            count += double.IsNaN(other) ? 0 : 1;
            better += other > value ? 1 : 0;
        }

        return new RungOrder(count, better);
    }
}
