using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using SeqMnistSweep.Head.Checkpoints;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/checkpoints/SWEEP/NUMBER/DIGEST.SUFFIX</c>: checkpoint files, up and down; where they come down the suffix may be
/// left out. PUT takes a whole file, or with
/// <c>Content-Range</c> the rest of one that broke off; HEAD tells in <c>Upload-Offset</c> how much of it is here. GET understands
/// <c>Range</c>.</summary>
internal static class CheckpointsEndpoints
{
    private const string OffsetHeader = "Upload-Offset";
    private const string Pattern = "/api/v1/checkpoints/{sweep}/{number}/{name}";

    public static void MapCheckpoints(this IEndpointRouteBuilder routes)
    {
        var readers = routes.MapGroup("").RequireAuthorization(AccessPolicies.WorkerOrViewer);
        readers.MapGet(Pattern, (RequestDelegate)GetAsync);
        readers.MapMethods(Pattern, [HttpMethods.Head], (RequestDelegate)HeadAsync);
    }

    public static void MapCheckpointUploads(this IEndpointRouteBuilder routes) =>
        routes.MapPut(Pattern, (RequestDelegate)PutAsync).RequireAuthorization(AccessPolicies.Worker);

    private static async Task PutAsync(HttpContext context)
    {
        if (!TryName(context, out var trial, out var name))
        {
            await SayAsync(
                context, StatusCodes.Status400BadRequest,
                "a checkpoint is named SWEEP/NUMBER/DIGEST.SUFFIX, the digest by 64 lower-case hexadecimal digits");
            return;
        }

        if (context.Request.ContentLength is not { } length)
        {
            await SayAsync(context, StatusCodes.Status411LengthRequired, "the length must be told (Content-Length)");
            return;
        }

        if (!TryRange(context.Request, length, out var from, out var total))
        {
            await SayAsync(
                context, StatusCodes.Status400BadRequest,
                $"Content-Range '{context.Request.Headers.ContentRange}' does not fit a body of {length} bytes up to the end of the file");
            return;
        }

        if (total > CheckpointUploadHandler.LargestFile)
        {
            await SayAsync(
                context, StatusCodes.Status413PayloadTooLarge,
                $"a checkpoint of {total} bytes is too large; at most {CheckpointUploadHandler.LargestFile} are taken");
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = CheckpointUploadHandler.LargestFile;
        }

        var intake = context.RequestServices.GetRequiredService<CheckpointUploadHandler>();
        var (status, reason) = await intake.TakeAsync(
            trial, name, context.Request.Body, from, total, AccessPolicies.WorkerOf(context), context.RequestAborted);
        if (status == StatusCodes.Status409Conflict)
        {
            context.Response.Headers[OffsetHeader] = Number(intake.OffsetOf(trial, name));
        }

        await SayAsync(context, status, reason);
    }

    private static Task GetAsync(HttpContext context) => TryFind(context, out var path)
        ? TypedResults.PhysicalFile(path, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context)
        : SayAsync(context, StatusCodes.Status404NotFound, "there is no such checkpoint");

    private static Task HeadAsync(HttpContext context)
    {
        if (TryFind(context, out var path))
        {
            context.Response.ContentLength = new FileInfo(path).Length;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (TryName(context, out var trial, out var name))
        {
            context.Response.Headers[OffsetHeader] = Number(
                context.RequestServices.GetRequiredService<CheckpointUploadHandler>().OffsetOf(trial, name));
        }

        return Task.CompletedTask;
    }

    private static bool TryFind(HttpContext context, [NotNullWhen(true)] out string? path)
    {
        var store = context.RequestServices.GetRequiredService<CheckpointStore>();
        path = !TryName(context, out var trial, out var name) ? null
            : File.Exists(store.PathOf(trial, name)) ? store.PathOf(trial, name)
            : store.Find(trial, name);
        path = path is null ? null : Path.GetFullPath(path);
        return path is not null;
    }

    /// <summary>Only names that can be a checkpoint's, so that none leads out of its folder.</summary>
    private static bool TryName(HttpContext context, out TrialId trial, out string name)
    {
        name = (string)context.Request.RouteValues["name"]!;
        return TrialId.TryParse($"{context.Request.RouteValues["sweep"]}/{context.Request.RouteValues["number"]}", out trial)
            && CheckpointFile.IsFileName(name);
    }

    private static bool TryRange(HttpRequest request, long length, out long from, out long total)
    {
        (from, total) = (0, length);
        if (request.Headers.ContentRange.Count == 0) return true;

        if (!ContentRangeHeaderValue.TryParse(request.Headers.ContentRange.ToString(), out var range)
            || range is not { From: { } first, To: { } last, Length: { } whole })
        {
            return false;
        }

        (from, total) = (first, whole);
        return last == whole - 1 && last - first + 1 == length;
    }

    private static Task SayAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(reason);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
