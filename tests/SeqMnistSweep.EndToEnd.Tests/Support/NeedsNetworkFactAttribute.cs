namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A test over several hosts; skipped where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsNetworkFactAttribute : FactAttribute
{
    /// <param name="module">Of Debian's Python, which it needs besides.</param>
    public NeedsNetworkFactAttribute(string? module = null)
    {
        Skip = !Network.IsPossible ? "network namespaces need root and iproute2"
            : module is not null ? RequiresPythonFactAttribute.Missing(module)
            : null;
    }
}
