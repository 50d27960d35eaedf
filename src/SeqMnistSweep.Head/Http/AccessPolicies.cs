using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Grains;

namespace SeqMnistSweep.Head.Http;

/// <summary>Who may call what. A path that nobody thought of is an admin's.</summary>
internal static class AccessPolicies
{
    /// <summary>Of a worker's credential, beside the roles of accounts.</summary>
    public const string WorkerRole = "worker";

    /// <summary>What workers need to join and to train.</summary>
    public const string Worker = "worker";

    /// <summary>What both workers and viewers read.</summary>
    public const string WorkerOrViewer = "worker or viewer";

    private static readonly string[] Schemes = [TokenAuthentication.Name, CookieAccess.Name];

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<Credentials>().AddSingleton<Audit>().AddSingleton<LoginCodes>().AddSingleton<WrongLogins>();
        services.AddSingleton<IIncomingGrainCallFilter, CallerSignature>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.Name, null);
        services.AddCookie();
        var policies = services.AddAuthorizationBuilder().SetFallbackPolicy(Roles(Allowed(Role.Admin)));
        foreach (var role in Enum.GetValues<Role>())
        {
            policies.AddPolicy(role.ToName(), Roles(Allowed(role)));
        }

        policies.AddPolicy(Worker, Roles([WorkerRole, .. Allowed(Role.Admin)]));
        policies.AddPolicy(WorkerOrViewer, Roles([WorkerRole, .. Allowed(Role.Viewer)]));
        return services;
    }

    /// <summary>Only for those who have the role or a higher one.</summary>
    public static TBuilder For<TBuilder>(this TBuilder routes, Role role)
        where TBuilder : IEndpointConventionBuilder => routes.RequireAuthorization(role.ToName());

    /// <summary>A group for those who have the role or a higher one.</summary>
    public static RouteGroupBuilder GroupFor(this IEndpointRouteBuilder routes, Role role) => routes.MapGroup("").For(role);

    /// <summary>The worker that asks; null where it is none.</summary>
    public static string? WorkerOf(HttpContext context) => context.User.IsInRole(WorkerRole) ? context.User.Identity?.Name : null;

    private static IEnumerable<string> Allowed(Role least) =>
        Enum.GetValues<Role>().Where(role => role >= least).Select(role => role.ToName());

    private static AuthorizationPolicy Roles(IEnumerable<string> roles) =>
        new AuthorizationPolicyBuilder(Schemes).RequireRole(roles).Build();
}
