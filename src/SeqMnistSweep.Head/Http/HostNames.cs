using System.Net;

namespace SeqMnistSweep.Head.Http;

/// <summary>Under which names a browser may speak to the head. A page of a stranger can give its own name the head's address (DNS
/// rebinding) and would then be of the same origin; but it cannot take an address, a name without a dot, or the head's own name.</summary>
internal sealed class HostNames(IEnumerable<string> own)
{
    private readonly HashSet<string> _own = new(own, StringComparer.OrdinalIgnoreCase);

    /// <param name="host">Without a port; an IPv6 address in brackets.</param>
    public bool Allows(string host)
    {
        var name = host.TrimEnd('.');
        return name.Length > 0
            && (
                !name.Contains('.', StringComparison.Ordinal) || IPAddress.TryParse(name, out _)
                    || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || _own.Contains(name));
    }
}
