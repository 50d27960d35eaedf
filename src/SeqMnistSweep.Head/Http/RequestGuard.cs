using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary>Keeps pages of strangers, open in the browser of somebody who may speak to the head, from steering or reading it in their
/// name: before any credential is looked at, and also where none is needed.</summary>
internal sealed class RequestGuard(RequestDelegate next, IServiceProvider services)
{
    private readonly HostNames _hosts = new(Own(services));
    private readonly HashSet<string> _behindProxy =
        new(services.GetRequiredService<HeadOptions>().AllowedHosts, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!_hosts.Allows(request.Host.Host, IsOfProgram(request)))
        {
            return RefuseAsync(
                context, StatusCodes.Status421MisdirectedRequest, $"this head is not '{request.Host.Host}'",
                "start it with --allow-host NAME for every such name it is reached by");
        }

        return IsOfStranger(request)
            ? RefuseAsync(
                context, StatusCodes.Status403Forbidden, "a page of another origin asks this",
                "use the head's own pages, or a program that is no browser")
            : next(context);
    }

    /// <summary>A page of a stranger knows no token, and what is told to everybody it may have.</summary>
    private static bool IsOfProgram(HttpRequest request) =>
        request.Headers.Authorization.Count > 0 || request.Path == "/ca" || request.Path.StartsWithSegments("/healthz");

    /// <summary>Browsers say where a request comes from; other programs do not. Behind a proxy that ends TLS the scheme is another
    /// one.</summary>
    private bool IsOfStranger(HttpRequest request)
    {
        if (request.Headers.Origin is { Count: > 0 } origin)
        {
            return !Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var from)
                || !string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                || (from.Scheme != request.Scheme && !_behindProxy.Contains(request.Host.Host));
        }

        // A link from elsewhere to a page is no harm; everything else from elsewhere is none of its business.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "cross-site" or "same-site"
            && !(
                HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate"
                    && !request.Path.StartsWithSegments("/api"));
    }

    private static IEnumerable<string> Own(IServiceProvider services)
    {
        var machine = Environment.MachineName;
        var domain = IPGlobalProperties.GetIPGlobalProperties().DomainName;
        return
        [
            machine,
            .. domain.Length > 0 ? [$"{machine}.{domain}"] : Array.Empty<string>(),
            .. services.GetService<HeadAddresses>() is { } at ? [at.Http.Host] : Array.Empty<string>(),
            .. services.GetRequiredService<HeadOptions>().AllowedHosts,
        ];
    }

    private static Task RefuseAsync(HttpContext context, int status, string message, string hint) =>
        new ApiError(status, new ErrorBody("not_allowed", message, hint)).ToResult().ExecuteAsync(context);
}
