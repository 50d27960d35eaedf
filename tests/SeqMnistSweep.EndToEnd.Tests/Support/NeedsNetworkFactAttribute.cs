namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A test over several hosts; skipped where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsNetworkFactAttribute : FactAttribute
{
    public NeedsNetworkFactAttribute()
    {
        if (!Network.IsPossible)
        {
            Skip = "network namespaces need root and iproute2";
        }
    }
}
