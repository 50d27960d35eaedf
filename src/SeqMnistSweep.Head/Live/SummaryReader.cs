using System.Collections.Concurrent;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Head.Live;

/// <summary>Composes a sweep's summary from the database and, for running trials, from the sweep's grain.</summary>
/// <param name="grains">Null leaves out what only the grains know.</param>
internal sealed class SummaryReader(HeadStore store, EtaReader etas, RunTimes times, IGrainFactory? grains = null)
{
    public const int MaxRunning = 50;

    private const int CurvePoints = 40;

    private readonly ConcurrentDictionary<SweepId, (long Version, SweepSummary Summary)> _ended = new();
    private readonly ConcurrentDictionary<SweepId, ImmutableArray<MetricGoal>> _metrics = new();
    private readonly CurveReader _curves = new(store.Reader.Path);

    /// <returns>Null when there is no such sweep.</returns>
    public async Task<SweepSummary?> ReadAsync(SweepId id, CancellationToken stop)
    {
        // A sweep that has ended changes only by a commit.
        var version = store.Changes.Of(id);
        if (_ended.TryGetValue(id, out var known) && known.Version == version) return known.Summary;

        if (store.Reader.Sweep(id) is not { } sweep) return null;

        var ended = StateNames.Parse<SweepState>(sweep.State).IsFinal();
        var status = ended ? null : await StatusAsync(id, stop);
        var running = Running(id, sweep, status);
        var best = BestOf(store.Reader, id);
        var summary = new SweepSummary(
            sweep, _metrics.GetOrAdd(id, _ => MetricsOf(sweep)), best, (int)sweep.Running, running,
            sweep.Failed > 0 ? store.Reader.Failures(id) : [],
            ended || IsInterrupted ? null : EtaOf(id, sweep, status), ended ? null : await WaitsAsync(id, sweep),
            best is null ? null : ConfirmOf(sweep), times.Of(id, status is { Running.IsEmpty: false }, ended), store.Reader.LastEvent(id));
        if (ended)
        {
            _ended[id] = (version, summary);
        }

        return summary;
    }

    private async Task<SweepStatus?> StatusAsync(SweepId id, CancellationToken stop)
    {
        if (grains is null) return null;

        try
        {
            return await grains.GetGrain<ISweepGrain>(id.Value).GetStatus(long.MaxValue, stop);
        }
        catch (Exception error) when (error is SweepRefusedException or TimeoutException or InvalidOperationException)
        {
            // The database has most of it, and the error is logged where it happened.
            return null;
        }
    }

    /// <summary>Whether a sweep that has not ended is nobody's: the database is only read, and no process writes to it.</summary>
    private bool IsInterrupted => !store.IsWritable && !store.Reader.IsHeld();

    private async Task<string?> WaitsAsync(SweepId id, SweepRow sweep)
    {
        if (IsInterrupted) return $"it was interrupted, and nobody runs it; to go on: seqsweep run {id}";

        if (store.Trouble is { } trouble) return HeadStore.TroubleSentence(trouble, sweep.Running > 0);

        if (grains is null || sweep.Running > 0) return null;

        try
        {
            return await grains!.GetGrain<IHeadGrain>(0).WhyWaits(id);
        }
        catch (Exception error) when (error is SweepRefusedException or TimeoutException or InvalidOperationException)
        {
            return $"the head cannot tell: {error.Message}";
        }
    }

    private static ImmutableArray<MetricGoal> MetricsOf(SweepRow sweep) =>
        sweep.ReadDefinition()?.Metrics ?? [new MetricGoal(sweep.Metric, sweep.Maximize)];

    private static ConfirmPlan? ConfirmOf(SweepRow sweep) =>
        sweep.State == SweepState.Completed.ToName() && sweep.ReadDefinition() is { } definition && ConfirmPlan.WhyNot(definition) is null
            ? definition.Confirm ?? new ConfirmPlan()
            : null;

    /// <summary>The best configuration, as its first trial with the mean over its seeds.</summary>
    public static TrialSummary? BestOf(ResultReader reader, SweepId id) =>
        reader.Best(id) is { } best && reader.Trial(TrialId.Parse(best.Trial)) is { } first
            ? new TrialSummary((int)first.Number, best.Value, (int?)best.Epoch, ParameterSet.FromJson(best.Params), first.Seed)
            : null;

    private List<RunningTrial> Running(SweepId id, SweepRow sweep, SweepStatus? status)
    {
        if (status is null) return [];

        var shown = status.Running.Take(MaxRunning).ToList();
        var curves = _curves.Of(id, sweep.Metric, [.. shown.Select(running => running.Trial.Number)], int.MaxValue)
            .ToDictionary(curve => curve.Trial, curve => curve.Values);
        return [.. shown.Select(running => running with { Curve = [.. curves[running.Trial.Number].TakeLast(CurvePoints)] })];
    }

    private Eta? EtaOf(SweepId id, SweepRow sweep, SweepStatus? status) => etas.Of(
        id, sweep.Planned, sweep.Completed + sweep.Pruned + sweep.Failed + sweep.Cancelled,
        status?.Counts.GetValueOrDefault(TrialState.Running) ?? (int)sweep.Running);
}
