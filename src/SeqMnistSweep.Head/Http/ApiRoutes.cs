using Microsoft.AspNetCore.Http.Metadata;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Http;

/// <summary>What all paths under <c>/api/v1</c> share: handlers return what they answer and throw what they cannot.</summary>
internal static class ApiRoutes
{
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes, string tag, string path = "") =>
        routes.MapGroup($"/api/v1{path}").AddEndpointFilter(CatchAsync).WithTags(tag);

    /// <summary>The same for answers that follow from the database alone.</summary>
    public static RouteGroupBuilder MapReads(this IEndpointRouteBuilder routes, string tag, string path = "") =>
        routes.MapApi(tag, path).AddEndpointFilter(EntityTags.CheckAsync);

    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder routes, long bytes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new BodyLimit(bytes));

    private static async ValueTask<object?> CatchAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.Empty;
        }
        catch (Exception error) when (Known(error) is { } known)
        {
            return known.ToResult();
        }
    }

    /// <summary>What is told of an error that a caller can do something about; null for all others.</summary>
    internal static ApiError? Known(Exception error) => error switch
    {
        ApiError known => known,
        QueryException query => ApiError.BadRequest(query.Message, query.Hint, query.Position),
        BadHttpRequestException request => RequestBody.Unreadable(request),
        SweepMissingException missing => ApiError.NotFound(missing.Message),
        SweepRefusedException refused => ApiError.Conflict("refused", refused.Message),
        TimeoutException => ApiError.Unavailable("the head did not answer in time", "it is busy or starting; try again"),
        DatabaseException database => ApiError.Unavailable(database.Message, database.Hint),
        DatabaseMissingException none => ApiError.Unavailable(none.Message),
        _ => null,
    };

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
