using Microsoft.AspNetCore.Mvc;
using SeqMnistSweep.Head.Live;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/cluster</c>: where everything else is, and who answers.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes) => routes.MapApi("Live").MapGet(
        "/cluster",
        ([FromServices] HeadAddresses at, HeadStore store, HeadOptions options, TimeProvider time) => new HeadInfo(
            HeadStore.Version, HeadAddresses.Protocol, HeadAddresses.ClusterId, HeadAddresses.ServiceId, at.Http.ToString().TrimEnd('/'),
            at.Silo?.ToString(), at.Gateway?.ToString(), at.Membership, store.Epoch, time.GetUtcNow(), Environment.ProcessId,
            options.Insecure));
}
