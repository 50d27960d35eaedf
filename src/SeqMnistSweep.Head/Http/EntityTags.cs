using Microsoft.Extensions.DependencyInjection;

namespace SeqMnistSweep.Head.Http;

/// <summary>Answers that follow from the database alone carry its version as their tag; who has the newest is told so in few
/// bytes.</summary>
internal static class EntityTags
{
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method)) return await next(context);

        var store = http.RequestServices.GetRequiredService<HeadStore>();
        var version = http.Request.RouteValues["sweep"] is string id && SweepId.TryParse(id, out var sweep)
            ? store.Changes.Of(sweep)
            : store.Changes.Version;
        var tag = $"W/\"{store.Epoch:x}-{version:x}\"";
        http.Response.Headers.CacheControl = "no-cache";
        if (http.Request.Headers.IfNoneMatch.Contains(tag))
        {
            http.Response.Headers.ETag = tag;
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var answer = await next(context);
        if (answer is not IStatusCodeHttpResult { StatusCode: >= 400 })
        {
            http.Response.Headers.ETag = tag;
        }

        return answer;
    }
}
