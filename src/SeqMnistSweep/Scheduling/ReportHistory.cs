using System.Runtime.InteropServices;

namespace SeqMnistSweep.Scheduling;

/// <summary>What trials reported: word for word of those that may report again, and of all, for a pruner, the metrics' curves. What no longer
/// counts is in neither.</summary>
/// <param name="keepsCurves">Whether anybody compares them.</param>
internal sealed class ReportHistory(ImmutableArray<MetricGoal> metrics, bool keepsCurves)
{
    private readonly Dictionary<int, SortedList<int, EpochReport>> _reports = [];
    private readonly Dictionary<int, SortedList<int, EpochReport>> _superseded = [];
    private readonly Dictionary<int, List<double>[]> _curves = [];   // by metric

    /// <summary>Numbers of the trials with a curve.</summary>
    public IEnumerable<int> WithCurve => _curves.Keys;

    /// <summary>Of the first metric by epoch, the larger the better; NaN where a report is missing or lacks the metric.</summary>
    public IReadOnlyList<double> CurveOf(int trial) => _curves.TryGetValue(trial, out var curves) ? curves[0] : [];

    /// <summary>The same of every metric; none where nothing is known.</summary>
    public IReadOnlyList<IReadOnlyList<double>> CurvesOf(int trial) => _curves.TryGetValue(trial, out var curves) ? curves : [];

    /// <summary>Those of a trial that may report again, by epoch.</summary>
    public IEnumerable<EpochReport> Of(int trial) => _reports.TryGetValue(trial, out var known) ? known.Values : [];

    /// <summary>What the trial, which has not ended, reported, in order.</summary>
    public IEnumerable<string> NamesOf(int trial) => _reports.TryGetValue(trial, out var known)
        ? known.Values.SelectMany(report => report.Metrics.Keys).Distinct().Order(StringComparer.Ordinal)
        : [];

    public EpochReport? Find(int trial, int epoch) => Find(_reports, trial, epoch);

    /// <summary>What the last attempt that reported this epoch had told of it, where that no longer counts and is still known.</summary>
    public EpochReport? FindSuperseded(int trial, int epoch) => Find(_superseded, trial, epoch);

    /// <summary>Adds a report, or replaces what was known of the epoch.</summary>
    public void Add(TrialRecord trial, EpochReport report)
    {
        if (keepsCurves)
        {
            var curves = CollectionsMarshal.GetValueRefOrAddDefault(_curves, trial.Number, out _)
                ??= [.. metrics.Select(_ => new List<double>())];
            foreach (var (metric, curve) in metrics.Zip(curves))
            {
                while (curve.Count < report.Epoch)
                {
                    curve.Add(double.NaN);
                }

                var value = report[metric.Name] ?? double.NaN;
                curve[report.Epoch - 1] = metric.Maximize ? value : -value;
            }
        }

        if (MayReportAgain(trial))
        {
            Put(_reports, trial.Number, report);
        }
    }

    /// <summary>What is known beyond an epoch no longer counts.</summary>
    public void Supersede(int trial, int epoch)
    {
        if (_curves.TryGetValue(trial, out var curves) && curves[0].Count > epoch)
        {
            foreach (var curve in curves)
            {
                curve.RemoveRange(epoch, curve.Count - epoch);
            }

            if (epoch == 0)
            {
                _curves.Remove(trial);
            }
        }

        foreach (var report in Of(trial).Where(report => report.Epoch > epoch).ToList())
        {
            _reports[trial].Remove(report.Epoch);
            Put(_superseded, trial, report);
        }
    }

    /// <summary>The trial has ended: its curve stays, and its words too where it may be tried again and tell of epochs that it told of
    /// before.</summary>
    public void End(TrialRecord trial)
    {
        if (!MayReportAgain(trial))
        {
            _reports.Remove(trial.Number);
            _superseded.Remove(trial.Number);
        }
    }

    private static EpochReport? Find(Dictionary<int, SortedList<int, EpochReport>> reports, int trial, int epoch) =>
        reports.TryGetValue(trial, out var known) ? known.GetValueOrDefault(epoch) : null;

    private static void Put(Dictionary<int, SortedList<int, EpochReport>> reports, int trial, EpochReport report)
    {
        var known = CollectionsMarshal.GetValueRefOrAddDefault(reports, trial, out _) ??= [];
        known[report.Epoch] = report;
    }

    private static bool MayReportAgain(TrialRecord trial) => !trial.State.IsFinal() || trial.State == TrialState.Failed;
}
