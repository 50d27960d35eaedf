using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/backup</c>: the whole database as of one moment, while the head goes on writing.</summary>
internal static class BackupEndpoints
{
    /// <summary>One at a time: each is a copy on the head's own disk until it is sent.</summary>
    private static readonly ReadLanes Lane = new(1);

    public static void MapBackup(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/backup", SendAsync).AddEndpointFilter(ApiErrors.CatchAsync);

    private static async Task<IResult> SendAsync(HeadStore store, CancellationToken stop)
    {
        var copy = $"{store.Reader.Path}.backup-{Guid.NewGuid():N}";
        try
        {
            await Lane.RunAsync(() => DatabaseCopy.Write(store.Reader.Path, copy), stop);
            return TypedResults.File(
                new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose | FileOptions.Asynchronous),
                "application/vnd.sqlite3");
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }
}
