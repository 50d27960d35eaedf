using Microsoft.AspNetCore.Http.HttpResults;
using SeqMnistSweep.Clients;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>The dashboard: files that were built from <c>Web/</c> and lie in this assembly. Every path that is nothing else is a page of
/// it.</summary>
internal static class WebEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src "
            + "'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("").ExcludeFromDescription().AllowAnonymous();
        open.MapGet("/assets/{name}", (HttpContext context, string name) =>
            Send(context, $"assets/{name}", "public, max-age=31536000, immutable"));
        foreach (var name in (string[])["icon.svg", "theme.js"])
        {
            open.MapGet($"/{name}", (HttpContext context) => Send(context, name, "no-cache"));
        }

        open.MapGet("/{**page}", (HttpContext context) => Send(context, "index.html", "no-cache"));
        var known = routes.GroupFor(Role.Viewer).ExcludeFromDescription();
        known.MapGet($"/{PythonSources.Module}", () =>
            TypedResults.Bytes(PythonSources.All[PythonSources.Module].AsMemory(), "text/x-python; charset=utf-8"));
        foreach (var folder in (string[])["api", "healthz"])
        {
            known.MapGet($"/{folder}/{{**rest}}", (HttpContext context) => NotFound(context.Request.Path));
        }
    }

    private static IResult Send(HttpContext context, string name, string caching)
    {
        if (typeof(WebEndpoints).Assembly.GetManifestResourceStream($"web/{name}") is not { } file)
        {
            return NotFound($"/{name}");
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = caching;
        return TypedResults.Stream(file, Kinds.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"));
    }

    private static JsonHttpResult<ErrorAnswer> NotFound(string path) => ApiError.NotFound($"there is no '{path}'").ToResult();
}
