using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.Head.Http;

/// <summary>What a worker fetches of a dataset that it lacks.</summary>
public sealed record DatasetManifest(string Digest, IReadOnlyList<DatasetManifestFile> Files);

public sealed record DatasetManifestFile(string Name, long Bytes, string Sha256);

/// <summary><c>/api/v1/datasets/NAME</c>: for workers that lack the data. The manifest, and below it the files, with
/// <c>Range</c>.</summary>
internal static class DatasetsEndpoints
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var workers = routes.MapGroup("").RequireAuthorization(AccessPolicies.Worker);
        workers.MapGet("/api/v1/datasets/{name}", (RequestDelegate)ManifestAsync);
        workers.MapGet("/api/v1/datasets/{name}/{file}", (RequestDelegate)FileAsync);
    }

    public static void MapSamples(this IEndpointRouteBuilder routes) =>
        routes.MapApi("Pictures").MapGet("/datasets/{name}/test/{image:int}.png", PictureAsync);

    private static Task ManifestAsync(HttpContext context) => WithDatasetAsync(context, dataset => TypedResults.Ok(
        new DatasetManifest(
            dataset.Digest, [.. dataset.Files.Select(file => new DatasetManifestFile(file.Name, file.Bytes, file.Sha256))])));

    /// <summary>Only a file that the manifest names: no name leads anywhere else.</summary>
    private static Task FileAsync(HttpContext context) => WithDatasetAsync(context, dataset =>
        dataset.Files.FirstOrDefault(file => file.Name == (string?)context.Request.RouteValues["file"]) is { } found
            ? TypedResults.PhysicalFile(Path.GetFullPath(found.Path), "application/octet-stream", enableRangeProcessing: true)
            : TypedResults.Text(
                $"the dataset has no file '{context.Request.RouteValues["file"]}'", statusCode: StatusCodes.Status404NotFound));

    /// <summary>A test image as a picture, if it is of the dataset that has this digest.</summary>
    private static async Task<FileContentHttpResult> PictureAsync(
        string name, int image, string? digest, HttpContext context, HeadOptions options)
    {
        if (options.Samples is not { } samples) throw ApiError.NotFound("this head has no datasets");

        var known = await Task.Run(() => samples(name));
        if (digest is not null && digest != known.Digest)
        {
            throw ApiError.NotFound($"the {name} on the head's machine has the digest {known.Digest}, not {digest}");
        }

        if (image < 0 || image >= known.Pixels.Length / ImageSet.Pixels)
        {
            throw ApiError.NotFound($"there are pictures of the images 0 to {(known.Pixels.Length / ImageSet.Pixels) - 1}, not of {image}");
        }

        context.Response.Headers.CacheControl = "max-age=86400";
        var grey = known.Pixels.AsSpan(image * ImageSet.Pixels, ImageSet.Pixels).ToArray();
        return TypedResults.Bytes(new PngImage(ImageSet.Side, ImageSet.Side, grey).ToBytes(), "image/png");
    }

    private static async Task WithDatasetAsync(HttpContext context, Func<DatasetOnHead, IResult> answer)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        IResult result;
        try
        {
            // The first request of a dataset reads and hashes it.
            result = context.RequestServices.GetRequiredService<HeadOptions>().Datasets is { } datasets
                ? answer(await Task.Run(() => datasets(name)))
                : TypedResults.Text("this head serves no datasets", statusCode: StatusCodes.Status404NotFound);
        }
        catch (SweepRefusedException refused)
        {
            result = TypedResults.Text(refused.Message, statusCode: StatusCodes.Status404NotFound);
        }

        await result.ExecuteAsync(context);
    }
}
