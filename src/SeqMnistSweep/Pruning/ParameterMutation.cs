namespace SeqMnistSweep.Pruning;

/// <summary>How population based training explores: each parameter is drawn anew with probability <paramref name="resample"/>, otherwise a
/// number is multiplied by 0.8 or 1.2 within its range, and a listed value gives way to a neighbour. What makes the model is kept, for its
/// weights are.</summary>
internal sealed class ParameterMutation(SearchSpace space, double resample)
{
    private const int Tries = 100;

    /// <returns>Feasible parameters; <paramref name="from"/> itself when no change is.</returns>
    public ParameterSet Of(ParameterSet from, ref SplitMix64 chance)
    {
        for (var i = 0; i < Tries; i++)
        {
            var candidate = Changed(from, ref chance);
            if (candidate.Rules().FirstViolation() is null) return candidate.ToParameterSet();
        }

        return from;
    }

    /// <summary>Whether a trial that goes on with another's weights must have the other's value.</summary>
    private bool IsKept(Dimension dimension) =>
        !dimension.Distribution.Varies || dimension.Name is TrainableDescription.Seed or TrainableDescription.Epochs
            || space.Trainable.Find(dimension.Name) is { MakesModel: true } || space.Zips.Any(zip => zip.Contains(dimension.Name));

    private Candidate Changed(ParameterSet from, ref SplitMix64 chance)
    {
        var candidate = new Candidate(space);
        for (var i = 0; i < space.Dimensions.Length; i++)
        {
            var dimension = space.Dimensions[i];
            var (anew, place, up) = (chance.NextUnit() < resample, chance.NextUnit(), chance.NextUnit() < 0.5);
            candidate[i] = SearchSpace.Written(from, dimension.Name) switch
            {
                null => dimension.Distribution.At(place),
                var value when IsKept(dimension) => value,
                var value => anew
                    ? dimension.Distribution.At(place)
                    : Neighbour(dimension.Distribution, value, up) ?? dimension.Distribution.At(place),
            };
        }

        return candidate;
    }

    /// <summary>Null where there is none but another draw.</summary>
    private static ParameterValue? Neighbour(Distribution distribution, ParameterValue value, bool up) => distribution switch
    {
        Categorical { Values: var values } => values[Math.Clamp(values.IndexOf(value) + (up ? 1 : -1), 0, values.Length - 1)],
        WeightedCategorical => null,
        IntegerUniform(var min, var max) => ParameterValue.Of(Math.Clamp(value.AsInteger() + Step(value.AsInteger(), up), min, max)),
        _ when distribution.Name.StartsWith("q_", StringComparison.Ordinal) => null,
        _ => ParameterValue.Of(Within(distribution, value.AsReal() * (up ? 1.2 : 0.8))),
    };

    /// <summary>A fifth, and one at least.</summary>
    private static long Step(long value, bool up) => Math.Max(1, (long)Math.Round(Math.Abs(value) * 0.2)) * (up ? 1 : -1);

    private static double Within(Distribution distribution, double value)
    {
        var ends = distribution.Ends.ToList();
        return ends is [{ } low, { } high] ? Math.Clamp(value, low.AsReal(), high.AsReal()) : value;
    }
}
