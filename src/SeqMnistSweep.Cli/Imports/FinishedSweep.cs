using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>Runs of another tool as the trials of a sweep that has ended. A run is ranked by what it is ranked by there.</summary>
internal sealed class FinishedSweep
{
    private const string Epoch = "epoch";

    private readonly string _metric;
    private readonly bool _maximize;

    /// <summary>What is added to steps, which count from 0 elsewhere; null where they are no epochs, and are counted.</summary>
    private readonly long? _shift;

    private FinishedSweep(IReadOnlyList<ForeignRun> runs, string metric, bool maximize)
    {
        (_metric, _maximize) = (metric, maximize);
        var steps = runs.SelectMany(run => run.Curve).Select(point => point.Step).DefaultIfEmpty(1).ToList();
        var shift = steps.Min() == 0 ? 1 : 0;
        _shift = steps.Min() >= 0 && steps.Max() + shift <= EpochReport.MaxEpoch ? shift : null;
    }

    /// <param name="metric">What the runs are ranked by.</param>
    public static ImmutableArray<ImportedTrial> Trials(IReadOnlyList<ForeignRun> runs, string metric, bool maximize)
    {
        var sweep = new FinishedSweep(runs, metric, maximize);
        return [.. runs.Select(sweep.Trial)];
    }

    /// <summary>As much of the curves as one import may have: of every so many points one, with those of the values and the last.</summary>
    /// <param name="every">1 where all of it is kept.</param>
    public static ImmutableArray<ImportedTrial> Thin(ImmutableArray<ImportedTrial> trials, out int every)
    {
        var rows = trials.Sum(trial => (long)trial.Reports.Length + trial.Steps.Length);
        var kept = every = rows <= ImportRequest.MaxRows ? 1 : (int)(rows / Math.Max(1, ImportRequest.MaxRows - (3L * trials.Length))) + 1;
        return kept == 1 ? trials : [.. trials.Select(trial => trial with
        {
            Reports = [.. trial.Reports.Where((report, i) =>
                i % kept == 0 || i == trial.Reports.Length - 1 || report.Epoch == trial.ValueEpoch)],
            Steps = [.. trial.Steps.Where((_, i) => i % kept == 0)],
        })];
    }

    private ImportedTrial Trial(ForeignRun run)
    {
        var reports = Reports(run);
        var (state, cause) = End(run);
        var value = run.Value is { } said && double.IsFinite(said) ? said : state == TrialState.Completed ? null : BestOf(reports);
        return new ImportedTrial
        {
            Name = run.Name is null ? null : OutsideText.Shorten(OutsideText.OnOneLine(run.Name), OutsideText.MaxName),
            Parameters = run.Parameters,
            State = state,
            Cause = cause,
            Message = run.WhyNoResult,
            Value = value,
            ValueEpoch = value is null ? null
                : (reports.LastOrDefault(report => report[_metric] == value) ?? reports.LastOrDefault())?.Epoch,
            Reports = reports,
            Steps = [.. run.Curve.Where(point => point.Step >= 0 && !point.Metrics.ContainsKey(_metric))
                .Select(point => new ImportedStep(point.Step, Named(point.Metrics))).Where(step => !step.Metrics.IsEmpty)],
            Started = run.Started,
            Finished = run.Finished,
        };
    }

    private static (TrialState State, FailureCause? Cause) End(ForeignRun run) => run.End switch
    {
        RunEnd.Pruned => (TrialState.Pruned, null),
        RunEnd.Crashed => (TrialState.Failed, FailureCause.Crashed),
        RunEnd.Stopped => (TrialState.Cancelled, null),
        _ => run.Value is not { } value ? (TrialState.Failed, FailureCause.NoMetric)
            : double.IsFinite(value) ? (TrialState.Completed, null)
            : (TrialState.Failed, FailureCause.Diverged),
    };

    /// <summary>The points of the curve that have the metric; what was only told at the end stands with the last.</summary>
    private ImmutableArray<EpochReport> Reports(ForeignRun run)
    {
        var points = run.Curve.Where(point => point.Metrics.ContainsKey(_metric)).ToList();
        var epochs = Epochs(points);
        var reports = points.Select((point, i) => new EpochReport(epochs[i], Named(point.Metrics))).ToList();
        var told = run.Curve.SelectMany(point => point.Metrics.Keys).ToHashSet();
        var rest = Named(run.Metrics.Where(metric => !told.Contains(metric.Key)));
        if (reports.Count > 0)
        {
            reports[^1] = reports[^1] with { Metrics = reports[^1].Metrics.SetItems(rest) };
        }
        else if (run.Value is { } value)
        {
            reports.Add(new EpochReport(1, rest.SetItem(_metric, value)));
        }
        else if (!rest.IsEmpty)
        {
            reports.Add(new EpochReport(1, rest));
        }

        return [.. reports];
    }

    /// <summary>A program's own count of epochs where it reports one, else the steps, else their order.</summary>
    private List<int> Epochs(List<CurvePoint> points)
    {
        var own = points.Select(point => point.Metrics.TryGetValue(Epoch, out var epoch) ? epoch : double.NaN).ToList();
        if (own.Count > 0 && own.TrueForAll(epoch => epoch == Math.Floor(epoch) && epoch is >= 0 and < EpochReport.MaxEpoch)
            && own.Zip(own.Skip(1)).All(pair => pair.First < pair.Second))
        {
            return [.. own.Select(epoch => (int)epoch + (own[0] == 0 ? 1 : 0))];
        }

        return [.. points.Select((point, i) => _shift is { } shift ? (int)(point.Step + shift) : i + 1)];
    }

    private double? BestOf(ImmutableArray<EpochReport> reports)
    {
        var values = reports.Select(report => report[_metric]).OfType<double>().Where(double.IsFinite).ToList();
        return values.Count == 0 ? null : _maximize ? values.Max() : values.Min();
    }

    private static ImmutableSortedDictionary<string, double> Named(IEnumerable<KeyValuePair<string, double>> metrics) =>
        metrics.Where(metric => OutsideText.IsName(metric.Key)).Take(OutsideText.MaxNames)
            .ToImmutableSortedDictionary(StringComparer.Ordinal);
}
