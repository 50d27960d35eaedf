using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Http;

/// <summary>Steering over HTTP: the same calls on the same grains as the command line's.</summary>
internal static class ActionsEndpoints
{
    public static void MapActions(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").AddEndpointFilter(ApiErrors.CatchAsync).WithTags("Actions");
        api.MapPost("/sweeps", SubmitAsync).WithSummary("Submits a sweep file").Produces<SubmittedSweep>().Produces<FileFindings>(StatusCodes.Status422UnprocessableEntity);
        MapSweep(api.MapGroup("/sweeps/{sweep}"));
        MapTrial(api.MapGroup("/trials/{sweep}/{number:int}"));
        api.MapPost("/workers/{name}/drain", (string name, ActionRequest? body, HttpContext http, IGrainFactory grains) => DoAsync(() => Head(grains).Drain(name, ActionOf(body, http))))
            .WithSummary("The worker gives its trials back and takes no more");
        api.MapPost("/workers/{name}/undrain", (string name, ActionRequest? body, HttpContext http, IGrainFactory grains) => DoAsync(() => Head(grains).Undrain(name, ActionOf(body, http))))
            .WithSummary("The worker takes trials again");
        api.MapGet("/fleet", async (IGrainFactory grains) => TypedResults.Json(await Head(grains).GetWorkers(), ResultJson.Options)).WithSummary("Workers as the head hears them now");
    }

    private static void MapSweep(IEndpointRouteBuilder sweep)
    {
        Map("pause", (grain, action) => grain.Pause(action), "No new trial starts; those that run go on");
        Map("resume", (grain, action) => grain.Resume(action), "Trials start again");
        Map("stop", (grain, action) => grain.Stop(action), "No new trial starts; the sweep ends with those that run");
        Map("cancel", (grain, action) => grain.Cancel(action), "Everything ends now");
        sweep.MapPost("/retry", (string sweep, RetryBody? body, HttpContext http, IGrainFactory grains) => OfSweepAsync(sweep, grains, async grain => TypedResults.Json(
            new RetriedTrials(await grain.Retry(new RetryRequest([.. body?.Trials ?? []], body?.Cause is { } cause ? StateNames.Parse<FailureCause>(cause) : null, ActionOf(new ActionRequest(body?.Reason, body?.By), http)))), ResultJson.Options)))
            .WithSummary("Failed trials are tried again");
        sweep.MapPost("/enqueue", (string sweep, EnqueueBody body, HttpContext http, IGrainFactory grains) => OfSweepAsync(sweep, grains, async grain => TypedResults.Json(
            new EnqueuedTrials(await grain.Enqueue(new EnqueueRequest(body.Point.ToImmutableSortedDictionary(), ActionOf(new ActionRequest(body.Reason, body.By), http)))), ResultJson.Options)))
            .WithSummary("Asks for one configuration, values as a person writes them");

        void Map(string verb, Func<ISweepGrain, SweepAction, Task> act, string summary) => sweep.MapPost($"/{verb}", (string sweep, ActionRequest? body, HttpContext http, IGrainFactory grains) => OfSweepAsync(
            sweep,
            grains,
            async grain =>
            {
                await act(grain, ActionOf(body, http));
                return TypedResults.NoContent();
            })).WithSummary(summary);
    }

    private static void MapTrial(IEndpointRouteBuilder trial)
    {
        trial.MapPost("/cancel", (string sweep, int number, ActionRequest? body, HttpContext http, IGrainFactory grains) => OfSweepAsync(sweep, grains, async grain =>
        {
            await grain.CancelTrial(number, ActionOf(body, http));
            return TypedResults.NoContent();
        })).WithSummary("Ends one trial; the others go on");
        trial.MapGet("/log", LogAsync).WithSummary("What the trial says, from the worker that has it").Produces<LogAnswer>();
    }

    private static async Task<IResult> LogAsync(string sweep, int number, long? offset, IGrainFactory grains)
    {
        if (!TrialId.TryParse($"{sweep}/{number}", out var id))
        {
            return ApiErrors.NotFound($"'{sweep}/{number}' is no trial id");
        }

        var from = Math.Max(0, offset ?? 0);
        try
        {
            var chunk = await Head(grains).ReadLog(id, from);
            return TypedResults.Json(new LogAnswer(chunk.Text, chunk.Next, chunk.Ended, null), ResultJson.Options);
        }
        catch (SweepRefusedException away)
        {
            // That a log lies elsewhere, or is not there yet, is an answer and no error.
            return TypedResults.Json(new LogAnswer("", from, true, away.Message), ResultJson.Options);
        }
    }

    private static async Task<IResult> SubmitAsync(SubmitBody body, HttpContext http, SweepSubmission submissions)
    {
        var name = body.FileName ?? "sweep.yaml";
        var file = SweepFile.Parse(body.Source, name);
        if (file.Definition is null)
        {
            return TypedResults.Json(new FileFindings([.. file.Diagnostics.Select(FileFinding.Of)]), ResultJson.Options, statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        var request = new SubmitRequest(body.Source, name, body.New, null, By(body.By, http), body.Key, body.Paused, [.. body.Prior ?? []]);
        var reply = await submissions.SubmitAsync(request, file.Definition);
        return TypedResults.Json(new SubmittedSweep(reply.Sweep.Value, reply.Continued, reply.State.ToName()), ResultJson.Options);
    }

    private static async Task<IResult> OfSweepAsync(string sweep, IGrainFactory grains, Func<ISweepGrain, Task<IResult>> act) =>
        SweepId.TryParse(sweep, out var id) ? await act(grains.GetGrain<ISweepGrain>(id.Value)) : ApiErrors.NotFound($"'{sweep}' is no sweep id");

    private static async Task<IResult> DoAsync(Func<Task> act)
    {
        await act();
        return TypedResults.NoContent();
    }

    private static IHeadGrain Head(IGrainFactory grains) => grains.GetGrain<IHeadGrain>(0);

    private static SweepAction ActionOf(ActionRequest? body, HttpContext http) => new(By(body?.By, http), string.IsNullOrWhiteSpace(body?.Reason) ? "asked over HTTP" : body.Reason);

    private static string By(string? said, HttpContext http) => string.IsNullOrWhiteSpace(said) ? $"http@{http.Connection.RemoteIpAddress}" : said;
}
