using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Benchmarks.Chaos;

/// <summary>A trial that a fault hit, or the head.</summary>
/// <param name="Trial">Null where it is the head.</param>
/// <param name="Attempt">The trial's at that time.</param>
internal sealed record ChaosHit(ChaosKind Kind, DateTimeOffset Time, int? Trial, int Attempt);

/// <summary>How long it took until a trial that was hit went on: the database's times, also where other faults came in between.</summary>
internal static class Recoveries
{
    /// <returns>For every hit that was overcome its kind and the seconds.</returns>
    public static IReadOnlyList<(ChaosKind Kind, double Seconds)> Of(IEnumerable<ChaosHit> hits, RestoredSweep sweep, IReadOnlyList<EventRow> events)
    {
        var signs = sweep.Reports.Select(report => new Sign(report.Trial, report.Attempt, report.Time)).Concat(events.Where(IsSign).Select(e => new Sign(TrialId.Parse(e.Trial!).Number, (int)(e.Attempt ?? 0), Timestamp.Parse(e.Time))))
            .OrderBy(sign => sign.Time).ToList();
        return [.. hits.Select(hit => (Hit: hit, First: signs.Find(sign => sign.Time > hit.Time && Shows(sign, hit)))).Where(found => found.First is not null)
            .Select(found => (found.Hit.Kind, (found.First!.Time - found.Hit.Time).TotalSeconds))];
    }

    /// <summary>A trial runs, or has ended.</summary>
    private static bool IsSign(EventRow e) => e is { Trial: not null, Kind: "state" } && (e.ToState == "running" || StateNames.Parse<TrialState>(e.ToState!).IsFinal());

    /// <summary>Who was frozen or cut off may go on with the attempt that it had; where the process is gone, or gives the trial back, only the next one is a recovery.</summary>
    private static bool Shows(Sign sign, ChaosHit hit) =>
        hit.Trial is not { } trial || (sign.Trial == trial && (sign.Attempt > hit.Attempt || hit.Kind is ChaosKind.FreezeWorker or ChaosKind.CutLink));

    private sealed record Sign(int Trial, int Attempt, DateTimeOffset Time);
}
