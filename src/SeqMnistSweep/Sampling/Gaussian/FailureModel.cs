using SeqMnistSweep.Sampling.Axes;

namespace SeqMnistSweep.Sampling.Gaussian;

/// <summary>Where configurations fail: a Gaussian process over 1 for a failed one and 0 for one that gave a result, so that a search keeps
/// away from what runs out of memory, diverges or crashes. It says nothing while nothing has failed.</summary>
internal sealed class FailureModel(AxisSpace space)
{
    /// <summary>Of more the latest of either kind are looked at.</summary>
    private const int MaxOfAKind = 32;
    private const int Rounds = 30;

    /// <summary>However sure it is: causes go away.</summary>
    private const double LeastLog = -200;

    private const double Discount = 10;

    /// <summary>Of the configurations that ended last.</summary>
    private const int Recent = 16;

    /// <summary>Deviations from the border within which a place is discounted beyond its chance. An expected improvement that grows over the
    /// border, where nothing is known, would outweigh the chance alone; with each recent failure the search keeps farther away.</summary>
    private const double LeastMargin = 1;
    private const double MarginOfFailure = 0.75;

    private readonly PlaceMemory _memory = new(space);
    private readonly SortedSet<int> _failed = [];
    private readonly SortedSet<int> _fine = [];
    private int _read;
    private (List<int> Failed, List<int> Fine) _of = ([], []);
    private GaussianProcess? _process;
    private double _middle;
    private double _margin;

    /// <summary>Takes in what has ended since.</summary>
    public void Read(SearchHistory history)
    {
        for (; _read < history.Log.Count; _read++)
        {
            var known = history.Configurations[history.Log[_read] - 1];
            _failed.Remove(known.Configuration);
            _fine.Remove(known.Configuration);
            if (IsFailure(known))
            {
                _failed.Add(known.Configuration);
            }
            else if (known.State is ObservationState.Completed or ObservationState.Pruned)
            {
                _fine.Add(known.Configuration);
            }
        }

        var of = (Failed: Latest(_failed), Fine: Latest(_fine));
        if (of.Failed.SequenceEqual(_of.Failed) && of.Fine.SequenceEqual(_of.Fine)) return;

        _of = of;
        var recent = _failed.Reverse().Take(Recent).Concat(_fine.Reverse().Take(Recent)).OrderDescending().Take(Recent);
        _margin = LeastMargin + (MarginOfFailure * recent.Count(_failed.Contains));
        _process = of.Failed.Count == 0 || of.Fine.Count == 0 || space.Axes.Length == 0 ? null : Fitted(history);
    }

    /// <summary>Whether it diverged, too: ended without a finite loss.</summary>
    public static bool IsFailure(Observation known) => known.State == ObservationState.Failed
        || (known.State == ObservationState.Completed && !(known.Loss is { } loss && double.IsFinite(loss)));

    /// <summary>Log of the chance that a configuration at this place gives a result, and less near and over the border; 0 for all places while nothing is known.</summary>
    public double LogSuccess(ReadOnlySpan<double> units)
    {
        if (_process is null) return 0;

        var (mean, deviation) = _process.At(_memory.PlacesOf(units));
        var margin = (_middle - mean) / deviation;
        return Math.Max(LeastLog, ExpectedImprovement.LogChance(margin) + (Discount * Math.Min(0, margin - _margin)));
    }

    private static List<int> Latest(SortedSet<int> numbers) => [.. numbers.Reverse().Take(MaxOfAKind).Reverse()];

    private GaussianProcess Fitted(SearchHistory history)
    {
        List<int> numbers = [.. _of.Failed, .. _of.Fine];
        var columns = _memory.Columns([.. numbers.Select(number => _memory.PlacesOf(history, number))]);
        var share = _of.Failed.Count / (double)numbers.Count;
        var deviation = Math.Sqrt(share * (1 - share));
        double[] values = [.. numbers.Select((_, i) => ((i < _of.Failed.Count ? 1 : 0) - share) / deviation)];
        _middle = (0.5 - share) / deviation;
        return new GaussianProcess(columns, _memory.Ordered, values, new GaussianFit(columns, _memory.Ordered, values).Best(Rounds));
    }
}
