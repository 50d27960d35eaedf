using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SeqMnistSweep.Scheduling;

/// <summary>What trials reported: word for word of those that may report again, and of all, for a pruner, the metric's curve.</summary>
/// <param name="keepsCurves">Whether anybody compares them.</param>
internal sealed class ReportHistory(MetricGoal metric, bool keepsCurves)
{
    private readonly Dictionary<int, SortedList<int, EpochReport>> _reports = [];
    private readonly Dictionary<int, List<double>> _curves = [];

    /// <summary>Numbers of the trials with a curve.</summary>
    public IEnumerable<int> WithCurve => _curves.Keys;

    /// <summary>By epoch, the larger the better; NaN where a report is missing or lacks the metric.</summary>
    public IReadOnlyList<double> CurveOf(int trial) => _curves.TryGetValue(trial, out var curve) ? curve : [];

    public bool TryFind(int trial, int epoch, [NotNullWhen(true)] out EpochReport? report)
    {
        report = null;
        return _reports.TryGetValue(trial, out var known) && known.TryGetValue(epoch, out report);
    }

    /// <summary>What the trial, which has not ended, reported, in order.</summary>
    public IEnumerable<string> NamesOf(int trial) => _reports.TryGetValue(trial, out var known)
        ? known.Values.SelectMany(report => report.Metrics.Keys).Distinct().Order(StringComparer.Ordinal)
        : [];

    public void Add(TrialRecord trial, EpochReport report)
    {
        if (keepsCurves)
        {
            var curve = CollectionsMarshal.GetValueRefOrAddDefault(_curves, trial.Number, out _) ??= [];
            while (curve.Count < report.Epoch)
            {
                curve.Add(double.NaN);
            }

            var value = report[metric.Name] ?? double.NaN;
            curve[report.Epoch - 1] = metric.Maximize ? value : -value;
        }

        if (MayReportAgain(trial))
        {
            var known = CollectionsMarshal.GetValueRefOrAddDefault(_reports, trial.Number, out _) ??= [];
            known[report.Epoch] = report;
        }
    }

    /// <summary>The trial has ended: its curve stays, and its words too where it may be tried again and tell of epochs that it told of
    /// before.</summary>
    public void End(TrialRecord trial)
    {
        if (!MayReportAgain(trial))
        {
            _reports.Remove(trial.Number);
        }
    }

    private static bool MayReportAgain(TrialRecord trial) => !trial.State.IsFinal() || trial.State == TrialState.Failed;
}
