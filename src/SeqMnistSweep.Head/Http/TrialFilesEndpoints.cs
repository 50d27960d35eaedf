using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Outputs;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/trials/SWEEP/NUMBER/files</c>: a trial's own files, and with a name behind it one of them. Workers bring them, and
/// logs, to <c>.../attempts/ATTEMPT/files/NAME</c> and <c>.../attempts/ATTEMPT/log</c>.</summary>
internal static class TrialFilesEndpoints
{
    private const string Trial = "/trials/{sweep}/{number:int}";
    private const string Attempt = "/api/v1" + Trial + "/attempts/{attempt:int}";

    public static void MapTrialFiles(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("").RequireAuthorization(AccessPolicies.WorkerOrViewer);
        readers.MapApi("Results", Trial).MapGet("/files", ListAsync).WithSummary("The trial's own files");
        readers.MapGet("/api/v1" + Trial + "/files/{**name}", (RequestDelegate)GetAsync);
    }

    public static void MapTrialFileUploads(this IEndpointRouteBuilder routes)
    {
        var workers = routes.MapGroup("").RequireAuthorization(AccessPolicies.Worker);
        workers.MapPut(Attempt + "/files/{**name}", (RequestDelegate)PutFileAsync);
        workers.MapPut(Attempt + "/log", (RequestDelegate)PutLogAsync);
        workers.MapDelete(Attempt + "/files/{**name}", (RequestDelegate)DeleteAsync);
    }

    private static Task<IReadOnlyList<OutputFile>> ListAsync([AsParameters] TrialPath at, [FromServices] TrialFileStore files) =>
        at.ReadAsync((reader, id) => reader.Trial(id) is null ? null : files.List(id));

    /// <summary>As something to save: a page that a trial wrote must not run as one of the head's.</summary>
    private static Task GetAsync(HttpContext context)
    {
        var name = NameOf(context);
        if (!TryTrial(context, out var trial) || StoreOf(context).Find(trial, name) is not { } path)
        {
            return SayAsync(context, StatusCodes.Status404NotFound, "there is no such file");
        }

        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.PhysicalFile(
            path, "application/octet-stream", name[(name.LastIndexOf('/') + 1)..], enableRangeProcessing: true).ExecuteAsync(context);
    }

    private static Task PutFileAsync(HttpContext context) => PutAsync(
        context, OutputFolder.LargestFile, (store, trial, attempt, length, worker) => store.TakeAsync(
            trial, attempt, NameOf(context), context.Request.Body, length, worker, context.RequestAborted));

    private static Task PutLogAsync(HttpContext context) => PutAsync(
        context, TrialFileStore.LargestLog, (store, trial, attempt, length, worker) => store.TakeLogAsync(
            trial, attempt, context.Request.Body, length, worker, context.RequestAborted));

    private static async Task PutAsync(
        HttpContext context, long largest,
        Func<TrialFileStore, TrialId, int, long, string?, Task<(int Status, string Reason)>> take)
    {
        if (context.Request.ContentLength is not { } length)
        {
            await SayAsync(context, StatusCodes.Status411LengthRequired, "the length must be told (Content-Length)");
            return;
        }

        if (length > largest)
        {
            await SayAsync(context, StatusCodes.Status413PayloadTooLarge, $"{length} bytes are too many; at most {largest} are taken");
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = largest;
        }

        var (status, reason) = TryTrial(context, out var trial)
            ? await take(StoreOf(context), trial, AttemptOf(context), length, AccessPolicies.WorkerOf(context))
            : (StatusCodes.Status404NotFound, "there is no such trial");
        await SayAsync(context, status, reason);
    }

    private static Task DeleteAsync(HttpContext context)
    {
        var (status, reason) = TryTrial(context, out var trial)
            ? StoreOf(context).Drop(trial, AttemptOf(context), NameOf(context), AccessPolicies.WorkerOf(context))
            : (StatusCodes.Status404NotFound, "there is no such trial");
        return status == StatusCodes.Status204NoContent
            ? TypedResults.NoContent().ExecuteAsync(context)
            : SayAsync(context, status, reason);
    }

    private static TrialFileStore StoreOf(HttpContext context) => context.RequestServices.GetRequiredService<TrialFileStore>();

    private static string NameOf(HttpContext context) => (string?)context.Request.RouteValues["name"] ?? "";

    private static int AttemptOf(HttpContext context) =>
        int.Parse((string)context.Request.RouteValues["attempt"]!, CultureInfo.InvariantCulture);

    private static bool TryTrial(HttpContext context, out TrialId trial) =>
        TrialId.TryParse($"{context.Request.RouteValues["sweep"]}/{context.Request.RouteValues["number"]}", out trial);

    private static Task SayAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(reason);
    }
}
