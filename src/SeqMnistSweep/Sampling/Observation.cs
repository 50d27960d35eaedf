namespace SeqMnistSweep.Sampling;

/// <summary>How far a configuration is, all of its seeds taken together.</summary>
public enum ObservationState
{
    /// <summary>A trial of it is queued, leased or running.</summary>
    Running,

    /// <summary>Its trials wait at a rung and may go on.</summary>
    Paused,

    /// <summary>Every one of its trials reached its end.</summary>
    Completed,

    /// <summary>A trial of it was stopped by the pruner, or lacks its end for another reason while others reached it: it ranks behind those
    /// that completed, and what it reported until then is known.</summary>
    Pruned,

    /// <summary>Every trial that was not cancelled failed.</summary>
    Failed,

    /// <summary>Ended by somebody: says nothing of the configuration.</summary>
    Cancelled,
}

/// <summary>What is known of one configuration. Losses are the metric's values signed so that less is better, means over seeds.</summary>
/// <param name="Configuration">Its number, counted from 1.</param>
/// <param name="Losses">Of an ended one the losses of all metrics at the best epoch of the first; of an open one the best of
/// <paramref name="Curve"/> alone: the lowest, or the last where that counts. Empty without anything finite, for a failed one, and where only some of the seeds completed.</param>
/// <param name="Curve">The first metric's losses by epoch, as far as all of its seeds are; NaN where a report lacked it. Empty when the
/// sweep has no pruner.</param>
public sealed record Observation(
    int Configuration, ParameterSet Parameters, ObservationState State, ImmutableArray<double> Losses, ImmutableArray<double> Curve)
{
    /// <summary>Of a sweep with several metrics the losses of those behind the first, as long and in the same way.</summary>
    public ImmutableArray<ImmutableArray<double>> OtherCurves { get; init; } = [];

    /// <summary>Of a <see cref="DerivedMetric"/> as the first: its last epoch counts, not the best.</summary>
    public bool LastCounts { get; init; }

    /// <summary>The first metric's loss; null where there is none.</summary>
    public double? Loss => Losses.IsEmpty ? null : Losses[0];

    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen => State is ObservationState.Running or ObservationState.Paused;

    /// <summary>Takes the trials of one configuration together.</summary>
    /// <param name="trials">For each seed the state, the losses (empty for none) and each metric's curve (none where none are kept).</param>
    /// <param name="lastCounts">See <see cref="LastCounts"/>.</param>
    public static Observation Of(int configuration, ParameterSet parameters,
        IReadOnlyList<(TrialState State, ImmutableArray<double> Losses, IReadOnlyList<IReadOnlyList<double>> Curves)> trials,
        bool lastCounts = false)
    {
        var state = trials.Any(trial => !trial.State.IsFinal() && trial.State != TrialState.Paused) ? ObservationState.Running
            : trials.Any(trial => trial.State == TrialState.Paused) ? ObservationState.Paused
            : trials.All(trial => trial.State == TrialState.Completed) ? ObservationState.Completed
            : trials.Any(trial => trial.State is TrialState.Completed or TrialState.Pruned) ? ObservationState.Pruned
            : trials.Any(trial => trial.State == TrialState.Failed) ? ObservationState.Failed
            : ObservationState.Cancelled;
        var told = trials.Where(trial => trial.State is not (TrialState.Failed or TrialState.Cancelled)).ToList();
        if (state == ObservationState.Pruned && told.Count < trials.Count)
        {
            told.Clear(); // a mean over the seeds that survived says nothing
        }

        var kept = told.Count == 0 ? 0 : told.Min(trial => trial.Curves.Count);
        var epochs = kept == 0 ? 0 : told.Min(trial => trial.Curves[0].Count);
        var curves = Enumerable.Range(0, kept)
            .Select(metric => Enumerable.Range(0, epochs).Select(epoch => told.Average(trial => trial.Curves[metric][epoch]))
                .ToImmutableArray())
            .ToList();
        var curve = kept == 0 ? [] : curves[0];
        var losses = state is ObservationState.Running or ObservationState.Paused ? Best(curve, lastCounts)
            : told.Exists(trial => trial.Losses.IsEmpty || (state == ObservationState.Pruned && trial.State == TrialState.Completed)) ? []
            : Mean([.. told.Select(trial => trial.Losses)]);
        return new Observation(configuration, parameters, state, losses, curve)
        {
            OtherCurves = [.. curves.Skip(1)], LastCounts = lastCounts,
        };
    }

    /// <summary>All losses at the epoch where the first one's curve is lowest, or the last where that counts; null where it has nothing
    /// finite.</summary>
    /// <param name="epochs">Later ones do not count.</param>
    public double[]? LossesWithin(int epochs)
    {
        var best = -1;
        for (var i = 0; i < Math.Min(epochs, Curve.Length); i++)
        {
            if (double.IsFinite(Curve[i]) && (best < 0 || LastCounts || Curve[i] < Curve[best]))
            {
                best = i;
            }
        }

        return best < 0 ? null : [Curve[best], .. OtherCurves.Select(curve => curve[best])];
    }

    /// <summary>As it was after some of its epochs, when it had not ended.</summary>
    public Observation Before(int epochs, ObservationState state)
    {
        var curve = Curve[..Math.Min(epochs, Curve.Length)];
        return this with
        {
            State = state, Losses = Best(curve, LastCounts), Curve = curve,
            OtherCurves = [.. OtherCurves.Select(other => other[..curve.Length])],
        };
    }

    /// <summary>Whether both are the same word for word.</summary>
    public bool SaysTheSameAs(Observation other) =>
        Configuration == other.Configuration && State == other.State && Losses.AsSpan().SequenceEqual(other.Losses.AsSpan())
            && Curve.AsSpan().SequenceEqual(other.Curve.AsSpan())
            && OtherCurves.Length == other.OtherCurves.Length
            && OtherCurves.Zip(other.OtherCurves).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    private static ImmutableArray<double> Best(ImmutableArray<double> curve, bool lastCounts)
    {
        var finite = curve.Where(double.IsFinite).ToList();
        return finite.Count == 0 ? [] : [lastCounts ? finite[^1] : finite.Min()];
    }

    private static ImmutableArray<double> Mean(List<ImmutableArray<double>> measured) =>
        measured.Count == 0 ? [] : [.. Enumerable.Range(0, measured[0].Length).Select(i => measured.Average(losses => losses[i]))];
}
