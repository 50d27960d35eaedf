using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Membership;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Membership;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Access;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/membership</c>: the cluster's table, for workers.</summary>
internal static partial class MembershipEndpoints
{
    /// <summary>In bytes. An entry has about 500, and up to some votes of 100 each.</summary>
    private const int LargestBody = 64 << 10;

    /// <remarks>Without the head's own table, when the cluster's membership is kept elsewhere, there are no such paths.</remarks>
    public static void MapMembership(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(HeadMembershipTable)) != true)
        {
            return;
        }

        var table = routes.MapGroup("/api/v1/membership").WithMetadata(new RequestSizeLimitAttribute(LargestBody));
        table.MapGet("", ReadAsync);
        Post(
            table, "/insert", MembershipJson.Default.MemberInsert, body => body.Entry.Silo,
            InsertAsync);
        Post(table, "/update", MembershipJson.Default.MemberUpdate, body => body.Entry.Silo, UpdateAsync);
        Post(table, "/alive", MembershipJson.Default.MemberAlive, body => body.Silo, MarkAlive);
        Post(table, "/cleanup", MembershipJson.Default.MemberCleanup, _ => null, CleanUpAsync);
    }

    private static async Task<bool> InsertAsync(HeadMembershipTable table, MemberInsert body, Writer by) =>
        by.IsOwn || await by.IsAsync(body.Entry.Silo)
            ? await table.InsertAsync(body.Entry.ToOrleans(), body.Version)
            : throw Foreign(body.Entry.Silo);

    /// <summary>A worker's own row as it says; of another one's its vote, which is told to people with the voter's name.</summary>
    private static async Task<bool> UpdateAsync(HeadMembershipTable table, MemberUpdate body, Writer by)
    {
        if (by.IsOwn) return await table.UpdateAsync(body.Entry.ToOrleans(), body.Etag, body.Version);

        if (table.Read(body.Entry.Silo).Members is not [{ Entry: var stored }]) return false;

        var vote = MembershipGuard.Vote(stored, body.Entry, by.Worker!.Silo ?? "") ?? throw Foreign(body.Entry.Silo);
        var applied = await table.UpdateAsync(vote.ToOrleans(), body.Etag, body.Version);
        if (applied)
        {
            by.Told($"{by.Worker.Name} ({by.Worker.Silo})", vote.Silo, vote.Status);
        }

        return applied;
    }

    private static WrittenByStrangerException Foreign(string silo) => new($"{silo} is another silo: only it says so of itself");

    private static Task ReadAsync(HttpContext http) => AnswerAsync(http, MembershipJson.Default.MemberTable, table => Task.FromResult(
        table.Read(http.Request.Query["silo"].FirstOrDefault() is { } silo ? MemberEntry.ParseSilo(silo).ToParsableString() : null)));

    private static Task<bool> MarkAlive(HeadMembershipTable table, MemberAlive body, Writer by)
    {
        if (!by.IsOwn) throw Foreign(body.Silo);

        table.MarkAlive(MemberEntry.ParseSilo(body.Silo));
        return Task.FromResult(true);
    }

    /// <summary>Of a worker only a hint: the head forgets dead silos by its own clock.</summary>
    private static async Task<bool> CleanUpAsync(HeadMembershipTable table, MemberCleanup body, Writer by)
    {
        if (by.Worker is null)
        {
            await table.CleanupDefunctSiloEntriesAsync(body.Before, CancellationToken.None);
        }

        return true;
    }

    /// <param name="silo">The row that the body would change; null when it names none.</param>
    private static void Post<TBody>(
        RouteGroupBuilder routes, string path, JsonTypeInfo<TBody> type, Func<TBody, string?> silo, Func<HeadMembershipTable, TBody,
            Writer, Task<bool>> apply)
        where TBody : class => routes.MapPost(path,
            (HttpContext http) => AnswerAsync(http, MembershipJson.Default.MemberOutcome, async table =>
    {
        var body = await ReadBodyAsync(http, type);
        var changed = silo(body) is { } text ? MemberEntry.ParseSilo(text) : null;
        var by = Writer.Of(http, changed);
        var refusal = changed is null ? null : MembershipGuard.Refusal(table.Self, changed);
        return refusal is null ? new MemberOutcome(await apply(table, body, by), null) : new MemberOutcome(false, refusal);
    }));

    /// <summary>Who writes.</summary>
    /// <param name="Worker">Null where the network is trusted, and nobody is asked.</param>
    /// <param name="IsOwn">Whether the row is the writer's own.</param>
    private sealed record Writer(WorkerCredential? Worker, bool IsOwn, IServiceProvider Services)
    {
        /// <exception cref="JoinRefusedException">The request shows no worker key of this head.</exception>
        public static Writer Of(HttpContext http, SiloAddress? silo)
        {
            if (http.RequestServices.GetService<AdmissionRules>()?.AsksWorkers != true) return new Writer(null, true, http.RequestServices);

            var worker = JoinEndpoints.WorkerOf(http) ?? throw new JoinRefusedException(JoinRefusal.Unknown, "");
            return new Writer(worker, silo is not null && worker.Silo == silo.ToParsableString(), http.RequestServices);
        }

        /// <summary>A worker's first row says which silo it is.</summary>
        public Task<bool> IsAsync(string silo) =>
            Services.GetRequiredService<WorkerCredentials>().OwnsAsync(Worker!, MemberEntry.ParseSilo(silo));

        public void Told(string voter, string silo, string status)
        {
            LogVote(Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MembershipEndpoints)), voter, silo, status);
            Services.GetService<Audit>()?.Note(new AuditEntry(voter, AccessPolicies.WorkerRole, null, "vote", silo, status));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Worker {Voter} votes that silo {Silo} is dead; it is {Status} now.")]
    private static partial void LogVote(ILogger logger, string voter, string silo, string status);

    private static async Task<TBody> ReadBodyAsync<TBody>(HttpContext http, JsonTypeInfo<TBody> type)
        where TBody : class
    {
        if (!http.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("the body must be application/json", StatusCodes.Status415UnsupportedMediaType);
        }

        return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted) ?? throw new JsonException(
            "the body must be an object, not null");
    }

    private static async Task AnswerAsync<T>(HttpContext http, JsonTypeInfo<T> type, Func<HeadMembershipTable, Task<T>> answer)
    {
        try
        {
            await http.Response.WriteAsJsonAsync(await answer(http.RequestServices.GetRequiredService<HeadMembershipTable>()), type);
        }
        catch (Exception error) when (StatusOf(error) is { } status)
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsJsonAsync(new MemberError(error.Message), MembershipJson.Default.MemberError);
        }
    }

    private static int? StatusOf(Exception error) => error switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        JsonException or FormatException => StatusCodes.Status400BadRequest,
        DatabaseException => StatusCodes.Status503ServiceUnavailable,
        WrittenByStrangerException => StatusCodes.Status403Forbidden,
        JoinRefusedException => StatusCodes.Status401Unauthorized,
        _ => null,
    };
}

/// <summary>A worker would write the row of another silo.</summary>
internal sealed class WrittenByStrangerException(string message) : Exception(message);
