using SeqMnistSweep.Sampling.Axes;
using SeqMnistSweep.Sampling.Gaussian;

namespace SeqMnistSweep.Sampling.Gp;

/// <summary>What is known of one configuration.</summary>
/// <param name="Places">On each axis: a unit on an ordered one, its middle for a configuration without a value; else the cell, -1 for
/// none.</param>
internal sealed record GaussianResult(int Number, double Loss, double[] Units, double[] Places);

/// <summary>The results that a process is made of, and its hyperparameters: remembered, and a function of the results alone.</summary>
internal sealed class GaussianResults(AxisSpace space)
{
    /// <summary>Of more the hyperparameters are fitted to a part.</summary>
    private const int MaxFitted = 64;
    private const int Rounds = 40;

    private (List<(int Number, double Value)> Of, double[] Logs)? _fitted;

    public PlaceMemory Memory { get; } = new(space);

    /// <summary>By number; those that failed are left to the <see cref="FailureModel"/>.</summary>
    public List<GaussianResult> Of(SearchHistory history, int most)
    {
        var finite = history.Configurations
            .Where(known => !known.IsOpen && known.State is not (ObservationState.Cancelled or ObservationState.Failed)
                && known.Loss is { } loss && double.IsFinite(loss)).ToList();
        var chosen = finite.Count <= most
            ? finite
            : finite.TakeLast(most / 2)
                .Concat(finite.OrderBy(known => known.Loss).ThenBy(known => known.Configuration).Take(most / 2)).Distinct()
                .OrderBy(known => known.Configuration).ToList();
        return [.. chosen.Select(known => new GaussianResult(
            known.Configuration, known.Loss!.Value, Memory.UnitsOf(history, known.Configuration),
            Memory.PlacesOf(history, known.Configuration)))];
    }

    /// <summary>Hyperparameters of the first results: of all while they are few, then of nine tenths or more, to save time.</summary>
    /// <param name="expected">What a prior expects at a place.</param>
    public double[] Hyperparameters(List<GaussianResult> results, Func<double[], double> expected)
    {
        var count = results.Count;
        if (count > 40)
        {
            count = 40;
            while (count + (count / 10) <= results.Count)
            {
                count += count / 10;
            }
        }

        var used = results.Take(count).ToList();
        if (count > MaxFitted)
        {
            // The best half, and others evenly.
            var byLoss = used.OrderBy(result => result.Loss).ThenBy(result => result.Number).ToList();
            var rest = byLoss.Skip(MaxFitted / 2).OrderBy(result => result.Number).ToList();
            used = [.. byLoss.Take(MaxFitted / 2).Concat(
                Enumerable.Range(0, MaxFitted / 2).Select(i => rest[i * rest.Count / (MaxFitted / 2)])).OrderBy(result => result.Number)];
        }

        var transform = new PowerTransform([.. used.Select(result => result.Loss)]);
        var key = used.Select(result => (result.Number, transform.Of(result.Loss) - expected(result.Units))).ToList();
        if (_fitted is not { } known || !known.Of.SequenceEqual(key))
        {
            var fit = new GaussianFit(
                Memory.Columns([.. used.Select(result => result.Places)]), Memory.Ordered,
                [.. key.Select(pair => pair.Item2)]);
            _fitted = known = (key, fit.Best(Rounds));
        }

        return known.Logs;
    }
}
