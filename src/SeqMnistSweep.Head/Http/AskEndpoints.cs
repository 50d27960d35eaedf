using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Sweeps;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/sweeps/SWEEP/ask</c>, <c>report</c> and <c>tell</c>: trials for programs that are no workers. What is answered is
/// durable. One sample of each message stands in the project's README and is a test.</summary>
internal static class AskEndpoints
{
    private const double UsualLease = 60;
    private const double RetryAfter = 1;
    private const long MaxBytes = 1 << 20;

    private static readonly ImmutableArray<FailureCause> Causes =
        [FailureCause.Crashed, FailureCause.OutOfMemory, FailureCause.Diverged, FailureCause.Timeout, FailureCause.Invalid];

    public static void MapAsk(this IEndpointRouteBuilder routes)
    {
        var sweep = routes.MapApi("Ask", "/sweeps/{sweep}").WithBodyLimit(MaxBytes);
        sweep.MapPost("/ask", ([AsParameters] AskedSweep at) => AnswerAsync<AskRequest, AskAnswer>(at, AskAsync));
        sweep.MapPost("/report", ([AsParameters] AskedSweep at) => AnswerAsync<ReportRequest, ReportAnswer>(at, ReportAsync));
        sweep.MapPost("/tell", ([AsParameters] AskedSweep at) => AnswerAsync<TellRequest, TellAnswer>(at, TellAsync));
    }

    private static async Task<AskAnswer> AskAsync(AskedSweep at, AskRequest request)
    {
        var (sweep, http) = (at.Id, at.Http);
        var client = request.Client ?? http.Connection.RemoteIpAddress?.ToString() ?? "somebody";
        var key = request.Key ?? http.Request.Headers["Idempotency-Key"].FirstOrDefault() ?? Guid.NewGuid().ToString("N");
        var life = request.LeaseSeconds ?? UsualLease;
        Require(
            OutsideText.NameProblem("client", client) ?? OutsideText.NameProblem("key", key)
                ?? OutsideText.NamesProblem("tags", request.Tags ?? []));

        if (!(life >= ExternalClient.MinLeaseLife.TotalSeconds))
        {
            throw ApiError.BadRequest($"'lease_seconds' is {ExternalClient.MinLeaseLife.TotalSeconds:0} or more, not {life}");
        }

        // Who holds a trial gives a sign of life with every report; for longer than this nobody is waited for.
        life = Math.Min(life, ExternalClient.MaxLeaseLife.TotalSeconds);
        var asker = new ExternalClient(client, key, TimeSpan.FromSeconds(life), http.User.Identity?.Name ?? "").ToHolder();
        var offer = new WorkerOffer { Asks = true, AllowsPrograms = true, Tags = [.. request.Tags ?? []] };
        var reply = await at.Sweeps.Run(sweep, actor => actor.Ask(asker, offer));
        var state = reply.State.ToName();
        return reply.Grant is not { } grant
            ? new AskAnswer(sweep.Value, state, RetryAfter: reply.State.IsFinal() ? null : RetryAfter)
            : new AskAnswer(
                sweep.Value,
                state,
                grant.Trial.ToString(),
                at.Leases.Write(grant.Trial, grant.Lease),
                grant.Attempt,
                JsonNode.Parse(grant.Parameters.ToJson())!.AsObject(),
                grant.Seed,
                grant.Metric,
                grant.Maximize ? "maximize" : "minimize",
                reply.Epoch,
                [.. grant.Rungs],
                life);
    }

    private static async Task<ReportAnswer> ReportAsync(AskedSweep at, ReportRequest request)
    {
        var (trial, lease) = Held(at, request.Trial, request.Lease);
        var reply = await TellAsync(
            at.Sweeps, trial, new ExternalReport(trial.Number, lease, request.Epoch, Metrics: Sorted(request.Metrics)));
        return new ReportAnswer(trial.ToString(), Name(reply.Verdict), reply.ExpiresIn?.TotalSeconds);
    }

    private static async Task<TellAnswer> TellAsync(AskedSweep at, TellRequest request)
    {
        var (trial, lease) = Held(at, request.Trial, request.Lease);
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
            "failed" => new AttemptEvent.Failed(cause.Value, OutsideText.Sentence(request.Message ?? "told without a message")),
            "released" => new AttemptEvent.Released(OutsideText.Sentence(request.Message ?? "given back")),
            _ => throw ApiError.BadRequest($"'state' is completed, failed or released, not '{request.State}'"),
        };
        var reply = await TellAsync(
            at.Sweeps, trial, new ExternalReport(trial.Number, lease, request.Epoch, request.Value, Sorted(request.Metrics), end));
        return new TellAnswer(trial.ToString(), reply.Trial!.Value.ToName(), reply.Value, reply.State.ToName());
    }

    /// <exception cref="ApiError">The lease has ended, or there is no such trial.</exception>
    private static async Task<ExternalReportReply> TellAsync(SweepActors sweeps, TrialId trial, ExternalReport told)
    {
        var reply = await sweeps.Run(trial.Sweep, actor => actor.Tell(told));
        return !reply.IsFenced ? reply
            : reply.Trial is not { } state ? throw ApiError.NotFound($"there is no trial '{trial}'")
            : throw Fenced($"lease {told.Lease} of trial {trial} has ended: the trial is {state.ToName()}");
    }

    private static ApiError Fenced(string message) => ApiError.Conflict("fenced", message, "drop the trial, and ask for another one");

    private static async Task<TAnswer> AnswerAsync<TRequest, TAnswer>(AskedSweep at, Func<AskedSweep, TRequest, Task<TAnswer>> answer)
    {
        var body = await BodyAsync<TRequest>(at.Http);
        var id = at.Id;
        at.Options.RequireRunsHere(id);
        try
        {
            return await answer(at, body);
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
        var body = http.Request.ContentLength == 0
            ? JsonSerializer.Deserialize<T>("{}", ResultJson.Options)
            : await RequestBody.ReadAsync<T>(http.Request, http.RequestAborted);
        return body ?? throw ApiError.BadRequest("the body is null");
    }

    /// <exception cref="ApiError">The lease is not the one that was given to who asked for the trial.</exception>
    private static (TrialId Trial, long Lease) Held(AskedSweep at, string? named, string? lease)
    {
        if (string.IsNullOrEmpty(named) || string.IsNullOrEmpty(lease))
        {
            throw ApiError.BadRequest("'trial' and 'lease' are needed: the answer to ask has both");
        }

        if (!TrialId.TryParse(named, out var trial) || trial.Sweep != at.Id)
        {
            throw ApiError.BadRequest($"'{named}' is no trial of sweep {at.Id}", $"a trial is written {at.Id}/17");
        }

        return at.Leases.Read(trial, lease) switch
        {
            null => throw ApiError.BadRequest(
                $"'{lease}' is no lease: a number says nothing of who holds it", "tell 'lease' as the answer to ask has it, whole"),
            (var number, true) => (trial, number),
            _ when at.Store.Reader.Trial(trial) is null => throw ApiError.NotFound($"there is no trial '{trial}'"),
            var (number, _) => throw Fenced($"lease {number} of trial {trial} is not the one that ask gave"),
        };
    }

    private static ImmutableSortedDictionary<string, double>? Sorted(Dictionary<string, double>? metrics)
    {
        Require(OutsideText.NamesProblem("metrics", metrics?.Keys ?? (IReadOnlyCollection<string>)[]));
        return metrics is { Count: > 0 } ? metrics.ToImmutableSortedDictionary(StringComparer.Ordinal) : null;
    }

    private static void Require(string? problem)
    {
        if (problem is not null) throw ApiError.BadRequest(problem);
    }

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Stop => "stop",
        Verdict.Pause => "pause",
        _ => "continue",
    };
}

/// <summary>The sweep that a path names, to be asked for trials.</summary>
internal readonly record struct AskedSweep(
    string Sweep, [property: FromServices] HeadStore Store, [property: FromServices] HeadOptions Options, HttpContext Http,
    [property: FromServices] SweepActors Sweeps, [property: FromServices] LeaseTokens Leases)
{
    public SweepId Id => new SweepPath(Sweep, Store, default).Id;
}
