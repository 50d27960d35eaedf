using Microsoft.AspNetCore.Mvc;

namespace SeqMnistSweep.Head.Http;

public sealed record HealthAnswer(string Status);

/// <summary><c>/healthz</c>: for supervisors and load balancers. Live while the process answers; ready while it can take work. Missing
/// workers do not count: a supervisor that restarted the head for them would make it worse.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => new HealthAnswer("live"));
        routes.MapGet("/healthz/ready", async Task<IResult> (
            [FromServices] ISiloStatusOracle silo, [FromServices] IGrainFactory grains, HeadStore store, TimeProvider time) =>
            (NotReady(silo.CurrentStatus, store.Trouble) ?? await HangsAsync(grains.GetGrain<IHeadGrain>(0).GetWorkers, time)) is { } reason
                ? ApiError.Unavailable(reason).ToResult()
                : TypedResults.Ok(new HealthAnswer("ready")));
    }

    /// <param name="ask">Something that the dispatcher answers at once.</param>
    /// <returns>A sentence; null where it answers.</returns>
    internal static async Task<string?> HangsAsync(Func<Task> ask, TimeProvider time)
    {
        try
        {
            await ask().WaitAsync(Patience, time);
            return null;
        }
        catch (TimeoutException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the dispatcher has not answered for {Patience.TotalSeconds:0} s");
        }
    }

    /// <param name="trouble">Why nothing can be stored; null when it can.</param>
    /// <returns>A sentence; null for a head that is ready.</returns>
    internal static string? NotReady(SiloStatus silo, string? trouble) => (silo, trouble) switch
    {
        (SiloStatus.Active, null) => null,
        (SiloStatus.Active, _) => $"nothing can be stored: {trouble}",
        (SiloStatus.None or SiloStatus.Created or SiloStatus.Joining, _) => "the silo is starting",
        _ => "the silo is shutting down",
    };
}
