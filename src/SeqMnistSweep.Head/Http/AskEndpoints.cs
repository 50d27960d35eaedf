using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Sweeps;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/sweeps/SWEEP/ask</c>, <c>report</c> and <c>tell</c>: trials for programs that are no workers. What is answered is
/// durable. One sample of each message stands in the project's README and is a test.</summary>
internal static class AskEndpoints
{
    private const double UsualLease = 60;
    private const double RetryAfter = 1;
    private const int MaxName = 100;
    private const long MaxBytes = 1 << 20;

    private static readonly ImmutableArray<FailureCause> Causes =
        [FailureCause.Crashed, FailureCause.OutOfMemory, FailureCause.Diverged, FailureCause.Timeout, FailureCause.Invalid];

    public static void MapAsk(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapApi("Ask", "/sweeps/{sweep}").WithBodyLimit(MaxBytes);
        sweep.MapPost("/ask", ([AsParameters] SweepPath at, [FromServices] SweepActors sweeps, HttpContext http) =>
            AnswerAsync<AskRequest, AskAnswer>(at, http, request => AskAsync(at.Id, request, sweeps, http)));
        sweep.MapPost("/report", ([AsParameters] SweepPath at, [FromServices] SweepActors sweeps, HttpContext http) =>
            AnswerAsync<ReportRequest, ReportAnswer>(at, http, request => ReportAsync(at.Id, request, sweeps)));
        sweep.MapPost("/tell", ([AsParameters] SweepPath at, [FromServices] SweepActors sweeps, HttpContext http) =>
            AnswerAsync<TellRequest, TellAnswer>(at, http, request => TellAsync(at.Id, request, sweeps)));
    }

    private static async Task<AskAnswer> AskAsync(SweepId sweep, AskRequest request, SweepActors sweeps, HttpContext http)
    {
        var client = request.Client ?? http.Connection.RemoteIpAddress?.ToString() ?? "somebody";
        var key = request.Key ?? http.Request.Headers["Idempotency-Key"].FirstOrDefault() ?? Guid.NewGuid().ToString("N");
        var life = request.LeaseSeconds ?? UsualLease;
        if (client.Length is 0 or > MaxName || key.Length is 0 or > MaxName || (client + key).Any(char.IsControl))
        {
            throw ApiError.BadRequest($"'client' and 'key' have 1 to {MaxName} characters");
        }

        if (!(life >= ExternalClient.MinLeaseLife.TotalSeconds && life <= ExternalClient.MaxLeaseLife.TotalSeconds))
        {
            throw ApiError.BadRequest(
                $"'lease_seconds' is {ExternalClient.MinLeaseLife.TotalSeconds:0} to {ExternalClient.MaxLeaseLife.TotalSeconds:0}, not "
                    + $"{life}");
        }

        var asker = new ExternalClient(client, key, TimeSpan.FromSeconds(life)).ToHolder();
        var offer = new WorkerOffer { Asks = true, AllowsPrograms = true, Tags = [.. request.Tags ?? []] };
        var reply = await sweeps.Run(sweep, actor => actor.Ask(asker, offer));
        var state = reply.State.ToName();
        return reply.Grant is not { } grant
            ? new AskAnswer(sweep.Value, state, RetryAfter: reply.State.IsFinal() ? null : RetryAfter)
            : new AskAnswer(
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
                life);
    }

    private static async Task<ReportAnswer> ReportAsync(SweepId sweep, ReportRequest request, SweepActors sweeps)
    {
        var (trial, lease) = Held(sweep, request.Trial, request.Lease);
        var reply = await TellAsync(
            sweeps, trial, new ExternalReport(trial.Number, lease, request.Epoch, Metrics: Sorted(request.Metrics)));
        return new ReportAnswer(trial.ToString(), Name(reply.Verdict), reply.ExpiresIn?.TotalSeconds);
    }

    private static async Task<TellAnswer> TellAsync(SweepId sweep, TellRequest request, SweepActors sweeps)
    {
        var (trial, lease) = Held(sweep, request.Trial, request.Lease);
        FailureCause? cause = Causes.Where(cause => cause.ToName() == (request.Cause ?? FailureCause.Crashed.ToName()))
            .Select(cause => (FailureCause?)cause).FirstOrDefault();
        if (cause is null)
        {
            throw ApiError.BadRequest(
                $"'cause' is one of {string.Join(", ", Causes.Select(known => known.ToName()))}, not '{request.Cause}'");
        }

        AttemptEvent end = (request.State ?? "completed") switch
        {
            "completed" => new AttemptEvent.Completed(request.TestLoss, request.TestAccuracy),
            "failed" => new AttemptEvent.Failed(cause.Value, request.Message ?? "told without a message"),
            "released" => new AttemptEvent.Released(request.Message ?? "given back"),
            _ => throw ApiError.BadRequest($"'state' is completed, failed or released, not '{request.State}'"),
        };
        var reply = await TellAsync(
            sweeps, trial, new ExternalReport(trial.Number, lease, request.Epoch, request.Value, Sorted(request.Metrics), end));
        return new TellAnswer(trial.ToString(), reply.Trial!.Value.ToName(), reply.Value, reply.State.ToName());
    }

    /// <exception cref="ApiError">The lease has ended, or there is no such trial.</exception>
    private static async Task<ExternalReportReply> TellAsync(SweepActors sweeps, TrialId trial, ExternalReport told)
    {
        var reply = await sweeps.Run(trial.Sweep, actor => actor.Tell(told));
        return !reply.IsFenced ? reply
            : reply.Trial is not { } state ? throw ApiError.NotFound($"there is no trial '{trial}'")
            : throw ApiError.Conflict(
                "fenced", $"lease {told.Lease} of trial {trial} has ended: the trial is {state.ToName()}",
                    "drop the trial, and ask for another one");
    }

    private static async Task<TAnswer> AnswerAsync<TRequest, TAnswer>(SweepPath at, HttpContext http, Func<TRequest, Task<TAnswer>> answer)
    {
        var body = await BodyAsync<TRequest>(http);
        var id = at.Id;
        try
        {
            return await answer(body);
        }
        // Orleans says in many ways that the sweep's grain could not come up: there may be no such sweep.
        catch (Exception error) when (error is not ApiError && at.Store.Reader.Sweep(id) is null)
        {
            throw ApiError.NotFound($"there is no sweep '{id}'");
        }
        catch (ReportRefusedException refused)
        {
            throw ApiError.BadRequest(refused.Message, "nothing was changed, and the lease lives on");
        }
        catch (SweepRefusedException refused)
        {
            throw ApiError.Conflict("not_allowed", refused.Message);
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or InvalidOperationException or ArgumentException)
        {
            throw ApiError.Unavailable($"sweep {id} cannot answer now: {CallFailure.Line(error)}", "ask again with the same words");
        }
    }

    private static async Task<T> BodyAsync<T>(HttpContext http)
    {
        try
        {
            var body = http.Request.ContentLength == 0
                ? JsonSerializer.Deserialize<T>("{}", ResultJson.Options)
                : await JsonSerializer.DeserializeAsync<T>(http.Request.Body, ResultJson.Options, http.RequestAborted);
            return body ?? throw ApiError.BadRequest("the body is null");
        }
        catch (JsonException error)
        {
            throw ApiError.BadRequest(
                $"the body is not the JSON that is asked for: {error.Message.Split(" Path:")[0]}",
                "NaN and the infinities are written as \"NaN\", \"Infinity\" and \"-Infinity\"");
        }
    }

    private static (TrialId Trial, long Lease) Held(SweepId sweep, string? named, long? lease) =>
        named is null || lease is null ? throw ApiError.BadRequest("'trial' and 'lease' are needed: the answer to ask has both")
        : TrialId.TryParse(named, out var trial) && trial.Sweep == sweep ? (trial, lease.Value)
        : throw ApiError.BadRequest($"'{named}' is no trial of sweep {sweep}", $"a trial is written {sweep}/17");

    private static ImmutableSortedDictionary<string, double>? Sorted(Dictionary<string, double>? metrics) =>
        metrics is { Count: > 0 } ? metrics.ToImmutableSortedDictionary(StringComparer.Ordinal) : null;

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Stop => "stop",
        Verdict.Pause => "pause",
        _ => "continue",
    };
}
