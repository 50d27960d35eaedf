using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Head.Http;

/// <summary><c>/api/v1/cluster</c>: where everything else is, and who answers.</summary>
internal static class ClusterEndpoints
{
    public static void MapCluster(this IEndpointRouteBuilder routes) => routes.MapGet(
        "/api/v1/cluster",
        (HeadAddresses at, HeadStore store, TimeProvider time) => TypedResults.Json(new
        {
            version = HeadStore.Version,
            protocol = HeadAddresses.Protocol,
            cluster_id = HeadAddresses.ClusterId,
            service_id = HeadAddresses.ServiceId,
            http = at.Http.ToString().TrimEnd('/'),
            silo = at.Silo.ToString(),
            gateway = at.Gateway.ToString(),
            membership = at.Membership,
            head_epoch = store.Epoch,
            time = time.GetUtcNow(),
            pid = Environment.ProcessId,
        }));
}
