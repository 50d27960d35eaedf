using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>What was seen in the database of one sweep while things died, and what of it is not as it must be. Rules only; times are a monotonic clock's.</summary>
internal sealed class ChaosWatch
{
    /// <summary>A lease lives for 15 s, a head that starts gives each once more, and it may start several times in a row.</summary>
    public static readonly TimeSpan LongestOrphan = TimeSpan.FromSeconds(90);

    private readonly Dictionary<(int Trial, int Epoch), (int Attempt, string Metrics)> _acknowledged = [];
    private readonly Dictionary<(int Trial, long Lease), TimeSpan> _orphans = [];
    private readonly HashSet<(int Trial, long Lease)> _forgotten = [];

    /// <summary>Reports seen so far: whatever is in the database has been acknowledged, or is about to be.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Trials that stood as running for too long while nobody held them.</summary>
    public IReadOnlyList<string> Forgotten => [.. _forgotten.Select(orphan => $"trial {orphan.Trial} ran under lease {orphan.Lease} that nobody held any more")];

    public void See(RestoredSweep sweep, IReadOnlyList<WorkerRow> workers, TimeSpan now)
    {
        foreach (var report in sweep.Reports)
        {
            _acknowledged.TryAdd((report.Trial, report.Report.Epoch), (report.Attempt, report.Report.MetricsToJson()));
        }

        var orphans = sweep.Trials.Where(trial => trial.State.IsActive() && !workers.Any(worker => Holds(worker, trial.Worker, trial.Incarnation))).Select(trial => (trial.Number, trial.Lease)).ToHashSet();
        foreach (var gone in _orphans.Keys.Except(orphans).ToList())
        {
            _orphans.Remove(gone);
        }

        foreach (var orphan in orphans)
        {
            _orphans.TryAdd(orphan, now);
            if (now - _orphans[orphan] > LongestOrphan)
            {
                _forgotten.Add(orphan);
            }
        }
    }

    /// <summary>Reports that were there once and are not, or not as they were.</summary>
    public IReadOnlyList<string> Missing(RestoredSweep end)
    {
        var there = end.Reports.ToDictionary(report => (report.Trial, report.Report.Epoch), report => (report.Attempt, report.Report.MetricsToJson()));
        return [.. _acknowledged.Where(seen => !there.TryGetValue(seen.Key, out var found) || found != seen.Value)
            .Select(seen => $"the report of trial {seen.Key.Trial}, epoch {seen.Key.Epoch} by attempt {seen.Value.Attempt} {(there.ContainsKey(seen.Key) ? "was replaced" : "is gone")}")];
    }

    private static bool Holds(WorkerRow worker, string? name, string? incarnation) =>
        worker.Worker == name && worker.Incarnation == incarnation && worker.State != "gone" && worker.State != "lost";
}
