using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Grains.Membership;
using SeqMnistSweep.Head.Membership;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/membership</c>: the cluster's table, for workers.</summary>
internal static class MembershipEndpoints
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
            (t, body) => t.InsertAsync(body.Entry.ToOrleans(), body.Version));
        Post(
            table, "/update", MembershipJson.Default.MemberUpdate, body => body.Entry.Silo,
            (t, body) => t.UpdateAsync(body.Entry.ToOrleans(), body.Etag, body.Version));
        Post(table, "/alive", MembershipJson.Default.MemberAlive, body => body.Silo, MarkAlive);
        Post(table, "/cleanup", MembershipJson.Default.MemberCleanup, _ => null, CleanUpAsync);
    }

    private static Task ReadAsync(HttpContext http) => AnswerAsync(http, MembershipJson.Default.MemberTable, table => Task.FromResult(
        table.Read(http.Request.Query["silo"].FirstOrDefault() is { } silo ? MemberEntry.ParseSilo(silo).ToParsableString() : null)));

    private static Task<bool> MarkAlive(HeadMembershipTable table, MemberAlive body)
    {
        table.MarkAlive(MemberEntry.ParseSilo(body.Silo));
        return Task.FromResult(true);
    }

    private static async Task<bool> CleanUpAsync(HeadMembershipTable table, MemberCleanup body)
    {
        await table.CleanupDefunctSiloEntriesAsync(body.Before, CancellationToken.None);
        return true;
    }

    /// <param name="silo">The row that the body would change; null when it names none.</param>
    private static void Post<TBody>(
        RouteGroupBuilder routes, string path, JsonTypeInfo<TBody> type, Func<TBody, string?> silo, Func<HeadMembershipTable, TBody,
            Task<bool>> apply)
        where TBody : class => routes.MapPost(path,
            (HttpContext http) => AnswerAsync(http, MembershipJson.Default.MemberOutcome, async table =>
    {
        var body = await ReadBodyAsync(http, type);
        var refusal = silo(body) is { } changed ? MembershipGuard.Refusal(table.Self, MemberEntry.ParseSilo(changed)) : null;
        return refusal is null ? new MemberOutcome(await apply(table, body), null) : new MemberOutcome(false, refusal);
    }));

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
        _ => null,
    };
}
