using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/backup</c>: the whole database as of one moment, while the head goes on writing. One at a time, from the copy to the
/// last byte that is sent: each takes the room of a database.</summary>
internal static class BackupEndpoints
{
    /// <summary>Whoever reads slower would keep others from a backup.</summary>
    private static readonly MinDataRate SlowestReader = new(bytesPerSecond: 16 << 10, gracePeriod: TimeSpan.FromSeconds(20));

    private static readonly SemaphoreSlim Free = new(1);

    public static void MapBackup(this IEndpointRouteBuilder routes) => routes.MapApi("Results").MapGet("/backup", SendAsync);

    private static async Task<IResult> SendAsync(HttpContext http, HeadStore store)
    {
        var stop = http.RequestAborted;
        if (!await Free.WaitAsync(TimeSpan.Zero, stop))
        {
            throw ApiError.Unavailable("another backup is being made or sent", "wait until it has ended, and try again");
        }

        try
        {
            // It has no name any more when it is sent, and is gone with this process whatever becomes of it.
            await using var copy = await ReadLanes.Backups.RunAsync(() => DatabaseCopy.Unnamed(store.Reader.Path), stop);
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            {
                rate.MinDataRate = SlowestReader;
            }

            http.Response.ContentType = "application/vnd.sqlite3";
            http.Response.ContentLength = copy.Length;
            await copy.CopyToAsync(http.Response.Body, stop);
            return TypedResults.Empty;
        }
        finally
        {
            Free.Release();
        }
    }
}
