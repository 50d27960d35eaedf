using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/audit</c>: who came in, and what was refused.</summary>
internal static class AuditEndpoints
{
    private const int MaxEntries = 10_000;

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapApi("Access").MapGet(
        "/audit", (int? last, Audit audit) => audit.Last(Math.Clamp(last ?? 1000, 0, MaxEntries)))
        .WithSummary("The last entries, the oldest of them first");

    /// <summary>Notes that a request was refused.</summary>
    public static void NoteRefusal(this Audit audit, HttpContext http, ApiError refusal)
    {
        var caller = Caller.Of(http.User);
        audit.NoteRefusal(new AuditEntry(
            caller?.Name, caller?.Role.ToName(), $"{http.Connection.RemoteIpAddress}", $"{http.Request.Method} {http.Request.Path}", "",
            $"{refusal.Status}: {refusal.Message}"));
    }

    /// <summary>Notes what a request did, or why it did not.</summary>
    public static void Note(this Audit audit, HttpContext http, string action, string target, string outcome)
    {
        var caller = Caller.Of(http.User);
        audit.Note(new AuditEntry(
            caller?.Name, caller?.Role.ToName(), $"{http.Connection.RemoteIpAddress}", action, target, outcome));
    }
}
