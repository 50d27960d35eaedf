namespace SeqMnistSweep.Head.Grains;

/// <summary>Keeps clients that come through the gateway to the grains that are meant for them: anyone who reaches its port could otherwise
/// play a worker.</summary>
internal sealed class ClientCalls : IIncomingGrainCallFilter
{
    // A silo's own code calls grains as a client that lives in it.
    private const string WithinSilo = "hosted-";

    private static readonly HashSet<Type> Open = [typeof(IHeadGrain), typeof(ISweepGrain)];

    /// <exception cref="UnauthorizedAccessException">The interface is closed to clients.</exception>
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.SourceId is { } source && IsOutside(source) && !IsOpen(context)
            ? throw new UnauthorizedAccessException(
                $"{context.InterfaceName} is closed to clients: they may call {string.Join(" and ", Open.Select(type => type.Name))}")
            : context.Invoke();

    private static bool IsOutside(GrainId source) =>
        source.IsClient() && !source.Key.ToString()!.StartsWith(WithinSilo, StringComparison.Ordinal);

    // System targets are Orleans' own: a client learns from them which grains there are.
    private static bool IsOpen(IIncomingGrainCallContext context) =>
        context.TargetId.IsSystemTarget() || (context.InterfaceMethod?.DeclaringType is { } called && Open.Contains(called));
}
