using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/backup</c>: the whole database as of one moment, while the head goes on writing.</summary>
internal static class BackupEndpoints
{
    public static void MapBackup(this IEndpointRouteBuilder routes) => routes.MapApi("Results").MapGet("/backup", SendAsync);

    private static async Task<IResult> SendAsync(HeadStore store, CancellationToken stop)
    {
        var copy = $"{store.Reader.Path}.backup-{Guid.NewGuid():N}";
        try
        {
            await ReadLanes.Backups.RunAsync(() => DatabaseCopy.Write(store.Reader.Path, copy), stop);
            return TypedResults.File(
                new FileStream(
                    copy, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous),
                "application/vnd.sqlite3");
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }
}
