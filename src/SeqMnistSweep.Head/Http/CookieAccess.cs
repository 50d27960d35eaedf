using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Files;
using SeqMnistSweep.Head.Access;

namespace SeqMnistSweep.Head.Http;

/// <summary>The cookie of a browser that was let in. It names its caller, sealed with a key that lies beside the database, so that it
/// outlives a restart of the head; that of a process for its own account ends with it.</summary>
internal static class CookieAccess
{
    public const string Name = "cookie";

    private static readonly TimeSpan Life = TimeSpan.FromDays(14);

    public static IServiceCollection AddCookie(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("seqsweep");
        services.AddOptions<KeyManagementOptions>().Configure<HeadStore, HeadOptions, ILoggerFactory>((keys, store, head, loggers) =>
        {
            if (head.OwnAccountOnly)
            {
                keys.XmlRepository = new KeysInMemory();
                return;
            }

            var folder = Path.Combine(Path.GetDirectoryName(store.Reader.Path)!, "pki", "keys");
            PrivateFile.CreateFolder(Path.GetDirectoryName(folder)!);
            PrivateFile.CreateFolder(folder);
            keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(folder), loggers);
        });
        services.AddAuthentication().AddCookie(Name);
        services.AddOptions<CookieAuthenticationOptions>(Name).Configure<IServiceProvider>((cookie, provider) =>
            Configure(cookie, provider.GetService<HeadAddresses>()?.Http));
        return services;
    }

    private static void Configure(CookieAuthenticationOptions cookie, Uri? head)
    {
        var isSecure = head?.Scheme == Uri.UriSchemeHttps;
        (cookie.ExpireTimeSpan, cookie.SlidingExpiration) = (Life, true);

        // Browsers give a cookie to every port of a machine: two heads on it must not take each other's.
        cookie.Cookie.Name = isSecure ? "__Host-seqsweep" : $"seqsweep-{head?.Port}";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        cookie.Cookie.Path = "/";
        cookie.Events.OnValidatePrincipal = context =>
        {
            var credentials = context.HttpContext.RequestServices.GetRequiredService<Credentials>();
            if (Caller.Of(context.Principal!) is not { } caller || !credentials.IsLive(caller.Credential))
            {
                context.RejectPrincipal();
            }

            return Task.CompletedTask;
        };
    }
}

/// <summary>Keys that end with the process.</summary>
internal sealed class KeysInMemory : IXmlRepository
{
    private readonly ConcurrentQueue<XElement> _keys = new();

    public IReadOnlyCollection<XElement> GetAllElements() => [.. _keys];

    public void StoreElement(XElement element, string friendlyName) => _keys.Enqueue(element);
}
