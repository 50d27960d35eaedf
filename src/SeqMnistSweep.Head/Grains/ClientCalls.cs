namespace SeqMnistSweep.Head.Grains;

/// <summary>Keeps honest clients that come through the gateway to the grains that are meant for them. It is no barrier: a client chooses
/// the id by which it is known here, so that whoever the gateway lets in can pass for a silo and stop the cluster. What keeps strangers
/// out is the certificate that the gateway demands, and <see cref="Admission.WorkerCalls"/> keeps clients from playing a worker.</summary>
internal sealed class ClientCalls : IIncomingGrainCallFilter
{
    // A silo's own code calls grains as a client that lives in it.
    private const string WithinSilo = "hosted-";

    private static readonly HashSet<Type> Open = [typeof(IHeadGrain), typeof(ISweepGrain)];

    /// <summary>Orleans' own, internal to it: by this a client learns which grains there are. It asks no other.</summary>
    private const string ClusterManifest = "Orleans.Runtime.IClusterManifestSystemTarget";

    /// <exception cref="UnauthorizedAccessException">The interface is closed to clients.</exception>
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.SourceId is { } source && IsOutside(source) && !IsOpen(context)
            ? throw new UnauthorizedAccessException(
                $"{context.InterfaceName} is closed to clients: they may call {string.Join(" and ", Open.Select(type => type.Name))}")
            : context.Invoke();

    public static bool IsOutside(GrainId source) =>
        source.IsClient() && !source.Key.ToString()!.StartsWith(WithinSilo, StringComparison.Ordinal);

    private static bool IsOpen(IIncomingGrainCallContext context) => context.InterfaceMethod?.DeclaringType is { } called
        && (Open.Contains(called) || (context.TargetId.IsSystemTarget() && called.FullName == ClusterManifest));
}
