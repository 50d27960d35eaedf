using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Submissions;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Head.Http;

public sealed record RetriedTrials(int Retried);

public sealed record EnqueuedTrials(ImmutableArray<int> Trials);

/// <summary>What is wrong with a sweep file.</summary>
/// <param name="More">Findings beyond these, of which there are a hundred.</param>
public sealed record FileFindings(IReadOnlyList<FileFinding> Findings, int More);

public sealed record FileFinding(string Code, Severity Severity, int Line, int Column, string Message, string? Reason, string? Help)
{
    internal static FileFinding Of(Diagnostic found) =>
        new(found.Code, found.Severity, found.Line, found.Column, found.Message, found.Label, found.Help);
}

/// <summary>Steering over HTTP: the bodies are the requests of the grains that the command line calls.</summary>
internal static class ActionsEndpoints
{
    /// <summary>Bytes of a sweep that is imported with its curves.</summary>
    private const long MaxImport = 64 << 20;

    public static void MapActions(this IEndpointRouteBuilder routes)
    {
        routes.MapApi("Actions").MapPost("/sweeps", SubmitAsync).WithSummary("Submits a sweep file")
            .Produces<SubmitReply>().Produces<FileFindings>(StatusCodes.Status422UnprocessableEntity);
        routes.MapApi("Actions").MapPost("/sweeps/import", ImportAsync).WithBodyLimit(MaxImport)
            .WithSummary("Stores a sweep that was run elsewhere as one that has ended");

        var sweep = routes.MapApi("Actions", "/sweeps/{sweep}");
        sweep.MapPost("/pause", (SweepAction? body, [AsParameters] SteeredSweep at) =>
            at.DoAsync(body, (grain, action) => grain.Pause(action))).WithSummary("No new trial starts; those that run go on");
        sweep.MapPost("/resume", (SweepAction? body, [AsParameters] SteeredSweep at) =>
            at.DoAsync(body, (grain, action) => grain.Resume(action))).WithSummary("Trials start again");
        sweep.MapPost("/stop", (SweepAction? body, [AsParameters] SteeredSweep at) =>
            at.DoAsync(body, (grain, action) => grain.Stop(action))).WithSummary("No new trial starts; the sweep ends with those that run");
        sweep.MapPost("/cancel", (SweepAction? body, [AsParameters] SteeredSweep at) =>
            at.DoAsync(body, (grain, action) => grain.Cancel(action))).WithSummary("Everything ends now");
        sweep.MapPost("/label", (LabelRequest? body, [AsParameters] SteeredSweep at) =>
            at.DoAsync(body, (grain, label) => grain.Label(label))).WithSummary("Title, note, tags, archived: what people keep of it");
        sweep.MapPost("/edit", (EditRequest? body, [AsParameters] SteeredSweep at) => at.Grain.Edit(at.Signed(body)))
            .WithSummary("Changes limits, or gives the sweep more; an ended one goes on");
        sweep.MapPost("/retry", async (RetryRequest? body, [AsParameters] SteeredSweep at) =>
            new RetriedTrials(await at.Grain.Retry(at.Signed(body)))).WithSummary("Failed trials are tried again");
        sweep.MapPost("/enqueue", async (EnqueueRequest? body, [AsParameters] SteeredSweep at) =>
            new EnqueuedTrials(await at.Grain.Enqueue(at.Signed(body))))
            .WithSummary("Asks for one configuration, values as a person writes them");
        sweep.MapPost("/delete", (SweepAction? body, [AsParameters] SteeredSweep at) => at.Grain.Delete(at.Signed(body)))
            .WithSummary("Deletes a sweep that has ended, with checkpoints, logs and files");

        routes.MapApi("Actions", "/trials/{sweep}/{number:int}")
            .MapPost("/cancel", (int number, SweepAction? body, [AsParameters] SteeredSweep at) =>
                at.DoAsync(body, (grain, action) => grain.CancelTrial(number, action)))
            .WithSummary("Ends one trial; the others go on");

        var worker = routes.MapApi("Actions", "/workers/{name}").For(Role.Operator);
        MapWorker("drain", "The worker gives its trials back and takes no more", (head, name, action) => head.Drain(name, action));
        MapWorker("undrain", "The worker takes trials again", (head, name, action) => head.Undrain(name, action));

        void MapWorker(string verb, string summary, Func<IHeadGrain, string, SweepAction, Task> act) =>
            worker.MapPost($"/{verb}", async (string name, SweepAction? body, HttpContext http, [FromServices] IGrainFactory grains) =>
            {
                await act(grains.GetGrain<IHeadGrain>(0), name, Signed(body, http));
                return TypedResults.NoContent();
            }).WithSummary(summary);
    }

    private static async Task<IResult> SubmitAsync(
        SubmitRequest body, HttpContext http, HeadOptions options, [FromServices] SweepSubmission submissions)
    {
        options.RequireRunsHere(null);
        var request = body with { FileName = body.FileName ?? "sweep.yaml", By = By(body.By, http) };
        if (request.Problem() is { } problem) throw ApiError.BadRequest(problem);

        request = request with { By = Caller.Of(http.User)!.Name, SaidBy = body.By };

        var file = SweepFile.Parse(request.Source, request.FileName);
        return file.Definition is null
            ? TypedResults.UnprocessableEntity(new FileFindings([.. file.Diagnostics.Select(FileFinding.Of)], file.More))
            : TypedResults.Ok(await submissions.SubmitAsync(request, file.Definition));
    }

    private static Task<ImportReply> ImportAsync(ImportRequest body, HttpContext http, HeadStore store, TimeProvider time)
    {
        var request = body with { FileName = body.FileName ?? "sweep.yaml", By = By(body.By, http) };
        return request.Problem() is { } problem
            ? throw ApiError.BadRequest(problem)
            : SweepImport.WriteAsync(store, request with { By = Caller.Of(http.User)!.Name, SaidBy = body.By }, time);
    }

    /// <summary>With who asks, as their credential says, and why, where the body does not say.</summary>
    /// <exception cref="ApiError">The body is not to be taken as it stands.</exception>
    public static T Signed<T>(T? body, HttpContext http)
        where T : SweepAction, new()
    {
        SweepAction action = body ?? new T();
        action = action with
        {
            By = By(action.By, http), Reason = string.IsNullOrWhiteSpace(action.Reason) ? "asked over HTTP" : action.Reason,
        };
        return action.Problem() is { } problem
            ? throw ApiError.BadRequest(problem)
            : (T)(action with { By = Caller.Of(http.User)!.Name, SaidBy = body?.By });
    }

    private static string By(string? said, HttpContext http) =>
        string.IsNullOrWhiteSpace(said) ? $"http@{http.Connection.RemoteIpAddress}" : said;
}

/// <summary>The sweep that a path names, to be steered.</summary>
internal readonly record struct SteeredSweep(
    string Sweep, [property: FromServices] HeadStore Store, [property: FromServices] HeadOptions Options, HttpContext Http,
    [property: FromServices] IGrainFactory Grains)
{
    /// <exception cref="ApiError">It is another's, and whoever asks may act on their own alone; or it does not run here.</exception>
    public ISweepGrain Grain
    {
        get
        {
            var id = new SweepPath(Sweep, Store, default).Id;
            Options.RequireRunsHere(id);
            return Caller.Of(Http.User) is { Role: Role.Submitter } caller
                && Store.Reader.SubmitterOf(id) is { } owner && owner != caller.Name
                ? throw new ApiError(StatusCodes.Status403Forbidden, new ErrorBody(
                    "not_allowed", $"sweep {id} is {owner}'s, and {caller.Name} is submitter here: that acts on sweeps of one's own",
                    "an operator may act on every sweep"))
                : Grains.GetGrain<ISweepGrain>(id.Value);
        }
    }

    public async Task<NoContent> DoAsync<T>(T? body, Func<ISweepGrain, T, Task> act)
        where T : SweepAction, new()
    {
        await act(Grain, Signed(body));
        return TypedResults.NoContent();
    }

    public T Signed<T>(T? body)
        where T : SweepAction, new() => ActionsEndpoints.Signed(body, Http);
}
