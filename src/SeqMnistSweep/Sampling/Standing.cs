namespace SeqMnistSweep.Sampling;

/// <summary>How a configuration stands in the model.</summary>
/// <param name="Counts">Whether it is a point of the model at all.</param>
/// <param name="Loss">At the budget; null when it did not get there.</param>
internal readonly record struct Standing(bool Counts, double? Loss, bool IsCompleted, int Length)
{
    public static Standing Of(Observation known, int budget)
    {
        if (known.State == ObservationState.Cancelled) return default;

        var completed = known.State == ObservationState.Completed;
        var length = completed ? 0 : known.Curve.Length;
        double? loss = null;
        if (known.State != ObservationState.Failed)
        {
            loss = completed && (budget == int.MaxValue || known.Curve.IsEmpty) ? known.Loss
                : completed || known.Curve.Length >= budget ? known.LossesWithin(budget)?[0]
                : null;
        }

        return new Standing(true, loss is { } value && double.IsFinite(value) ? value : null, completed, length);
    }
}
