using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Http;

/// <summary>
/// <c>/api/v1/sweeps/SWEEP/ask</c>, <c>report</c> and <c>tell</c>: trials for whoever is no worker. What is answered is durable.
/// One sample of each message stands in the project's README and is a test.
/// </summary>
internal static class AskEndpoints
{
    private const double UsualLease = 60;
    private const double RetryAfter = 1;
    private const int LongestName = 100;
    private const long MaxBytes = 1 << 20;

    private static readonly ImmutableArray<FailureCause> Causes = [FailureCause.Crashed, FailureCause.OutOfMemory, FailureCause.Diverged, FailureCause.Timeout, FailureCause.Invalid];

    public static void MapAsk(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapGroup("/api/v1/sweeps/{sweep}").AddEndpointFilter(ApiErrors.CatchAsync).WithMetadata(new BodyLimit(MaxBytes));
        sweep.MapPost("/ask", (string sweep, HttpContext http) => WithBodyAsync<AskRequest>(sweep, http, AskAsync));
        sweep.MapPost("/report", (string sweep, HttpContext http) => WithBodyAsync<ReportRequest>(sweep, http, ReportAsync));
        sweep.MapPost("/tell", (string sweep, HttpContext http) => WithBodyAsync<TellRequest>(sweep, http, TellAsync));
    }

    private static async Task<IResult> AskAsync(SweepId sweep, AskRequest request, HttpContext http)
    {
        var client = request.Client ?? http.Connection.RemoteIpAddress?.ToString() ?? "somebody";
        var key = request.Key ?? http.Request.Headers["Idempotency-Key"].FirstOrDefault() ?? Guid.NewGuid().ToString("N");
        var life = request.LeaseSeconds ?? UsualLease;
        if (client.Length is 0 or > LongestName || key.Length is 0 or > LongestName || (client + key).Any(char.IsControl))
        {
            return ApiErrors.BadRequest($"'client' and 'key' have 1 to {LongestName} characters");
        }

        if (!(life >= ExternalClient.MinLeaseLife.TotalSeconds && life <= ExternalClient.MaxLeaseLife.TotalSeconds))
        {
            return ApiErrors.BadRequest($"'lease_seconds' is {ExternalClient.MinLeaseLife.TotalSeconds:0} to {ExternalClient.MaxLeaseLife.TotalSeconds:0}, not {life}");
        }

        var asker = new ExternalClient(client, key, TimeSpan.FromSeconds(life)).ToHolder();
        var offer = new WorkerOffer { Asks = true, AllowsPrograms = true, Tags = [.. request.Tags ?? []] };
        var reply = await Sweeps(http).Run(sweep, actor => actor.Ask(asker, offer));
        var state = reply.State.ToName();
        return reply.Grant is not { } grant
            ? Json(new AskAnswer(sweep.Value, state, RetryAfter: reply.State.IsFinal() ? null : RetryAfter))
            : Json(new AskAnswer(
                sweep.Value,
                state,
                grant.Trial.ToString(),
                grant.Lease,
                grant.Attempt,
                JsonNode.Parse(grant.Parameters.ToJson())!.AsObject(),
                grant.Seed,
                grant.Metric,
                grant.Maximize ? "maximize" : "minimize",
                reply.Epoch,
                [.. grant.Rungs],
                life));
    }

    private static async Task<IResult> ReportAsync(SweepId sweep, ReportRequest request, HttpContext http)
    {
        if (Problem(sweep, request.Trial, request.Lease, out var trial) is { } problem)
        {
            return problem;
        }

        var told = new Told(trial.Number, request.Lease!.Value, request.Epoch, Metrics: Sorted(request.Metrics));
        var reply = await Sweeps(http).Run(sweep, actor => actor.Tell(told));
        return reply.IsFenced ? Fenced(trial, told.Lease, reply) : Json(new ReportAnswer(trial.ToString(), Name(reply.Verdict), reply.ExpiresIn?.TotalSeconds));
    }

    private static async Task<IResult> TellAsync(SweepId sweep, TellRequest request, HttpContext http)
    {
        if (Problem(sweep, request.Trial, request.Lease, out var trial) is { } problem)
        {
            return problem;
        }

        FailureCause? cause = Causes.Where(cause => cause.ToName() == (request.Cause ?? FailureCause.Crashed.ToName())).Select(cause => (FailureCause?)cause).FirstOrDefault();
        if (cause is null)
        {
            return ApiErrors.BadRequest($"'cause' is one of {string.Join(", ", Causes.Select(known => known.ToName()))}, not '{request.Cause}'");
        }

        AttemptEvent? end = (request.State ?? "completed") switch
        {
            "completed" => new AttemptEvent.Completed(request.TestLoss, request.TestAccuracy),
            "failed" => new AttemptEvent.Failed(cause.Value, request.Message ?? "told without a message"),
            "released" => new AttemptEvent.Released(request.Message ?? "given back"),
            _ => null,
        };
        if (end is null)
        {
            return ApiErrors.BadRequest($"'state' is completed, failed or released, not '{request.State}'");
        }

        var told = new Told(trial.Number, request.Lease!.Value, request.Epoch, request.Value, Sorted(request.Metrics), end);
        var reply = await Sweeps(http).Run(sweep, actor => actor.Tell(told));
        return reply.IsFenced ? Fenced(trial, told.Lease, reply) : Json(new TellAnswer(trial.ToString(), reply.Trial!.Value.ToName(), reply.Value, reply.State.ToName()));
    }

    private static async Task<IResult> WithBodyAsync<T>(string sweep, HttpContext http, Func<SweepId, T, HttpContext, Task<IResult>> answer)
        where T : class
    {
        T? body;
        try
        {
            body = http.Request.ContentLength == 0 ? JsonSerializer.Deserialize<T>("{}", ResultJson.Options) : await JsonSerializer.DeserializeAsync<T>(http.Request.Body, ResultJson.Options, http.RequestAborted);
        }
        catch (JsonException error)
        {
            return ApiErrors.BadRequest($"the body is not the JSON that is asked for: {error.Message.Split(" Path:")[0]}", "NaN and the infinities are written as \"NaN\", \"Infinity\" and \"-Infinity\"");
        }

        if (body is null || !SweepId.TryParse(sweep, out var id))
        {
            return body is null ? ApiErrors.BadRequest("the body is null") : ApiErrors.NotFound($"'{sweep}' is no sweep id");
        }

        try
        {
            return await answer(id, body, http);
        }
        // However Orleans says that the sweep's grain could not come up: there may be no such sweep.
        catch (Exception error) when (http.RequestServices.GetRequiredService<HeadStore>().Reader.FindSweeps(id.Value).All(row => row.Sweep != id.Value))
        {
            _ = error;
            return ApiErrors.NotFound($"there is no sweep '{id}'");
        }
        catch (SweepRefusedException refused)
        {
            return ApiErrors.Conflict("not_allowed", refused.Message);
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or InvalidOperationException or ArgumentException)
        {
            return ApiErrors.Unavailable($"sweep {id} cannot answer now: {CallFailure.Line(error)}", "ask again with the same words");
        }
    }

    private static IResult? Problem(SweepId sweep, string? named, long? lease, out TrialId trial)
    {
        trial = default;
        return named is null || lease is null ? ApiErrors.BadRequest("'trial' and 'lease' are needed: the answer to ask has both")
            : !TrialId.TryParse(named, out trial) || trial.Sweep != sweep ? ApiErrors.BadRequest($"'{named}' is no trial of sweep {sweep}", $"a trial is written {sweep}/17")
            : null;
    }

    private static IResult Fenced(TrialId trial, long lease, ToldReply reply) => reply.Trial is { } state
        ? ApiErrors.Conflict("fenced", $"lease {lease} of trial {trial} has ended: the trial is {state.ToName()}", "drop the trial, and ask for another one")
        : ApiErrors.NotFound($"there is no trial '{trial}'");

    private static ImmutableSortedDictionary<string, double>? Sorted(Dictionary<string, double>? metrics) =>
        metrics is { Count: > 0 } ? metrics.ToImmutableSortedDictionary(StringComparer.Ordinal) : null;

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Stop => "stop",
        Verdict.Pause => "pause",
        _ => "continue",
    };

    private static SweepActors Sweeps(HttpContext http) => http.RequestServices.GetRequiredService<SweepActors>();

    private static JsonHttpResult<T> Json<T>(T value) => TypedResults.Json(value, ResultJson.Options);

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
