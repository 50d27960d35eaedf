using SeqMnistSweep.Head.Outputs;
using SeqMnistSweep.Head.Workers;

namespace SeqMnistSweep.Head.Http;

/// <summary>What a head hears now, as far as the database of one that is not here knows it.</summary>
internal static class StoredEndpoints
{
    public static void MapStoredLive(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("Live").MapGet("/workers", Workers).WithSummary("Every worker that the database has seen");
        routes.MapApi("Live", TrialsEndpoints.Path).MapGet("/log", Log).WithSummary("What the trial said, where its log is kept");
    }

    /// <summary>Where nobody writes to the database, nobody is there.</summary>
    private static IEnumerable<WorkerInfo> Workers(HeadStore store)
    {
        var isHeld = store.Reader.IsHeld();
        return store.Reader.Workers().Select(row => FleetWorker.From(row, TimeSpan.Zero).ToInfo())
            .Select(worker => isHeld ? worker : worker with { State = WorkerState.Gone, Reason = "nothing runs on this database" });
    }

    private static LogChunk Log(long? offset, [AsParameters] TrialPath at, HeadOptions options)
    {
        var (id, from) = (at.Id, Math.Max(0, offset ?? 0));
        var attempts = at.Store.Reader.Attempts(id);
        var (chunk, length, last) = KeptLogs.Read(
            KeptLogs.FolderOf(options, id), from, attempt => attempts.LastOrDefault(one => one.Attempt == attempt)?.Worker ?? "");
        return chunk ?? new LogChunk(last, "", "", from, Ended: true, last == 0 ? "no log of it lies beside the database" : null)
        {
            Start = length,
        };
    }
}
