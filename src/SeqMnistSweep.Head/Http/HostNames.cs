using System.Net;

namespace SeqMnistSweep.Head.Http;

/// <summary>Under which names a browser may speak to the head. A page of a stranger can give its own name the head's address (DNS
/// rebinding) and would then be of the same origin; but it cannot take an address, or the head's own name. A bare name is given to anybody by
/// whoever answers for names on the network, so only programs may use one.</summary>
internal sealed class HostNames(IEnumerable<string> own)
{
    private readonly HashSet<string> _own = new(own, StringComparer.OrdinalIgnoreCase);

    /// <param name="host">Without a port; an IPv6 address in brackets.</param>
    /// <param name="isOfProgram">Whether it is certain that no browser asks.</param>
    public bool Allows(string host, bool isOfProgram)
    {
        var name = host.TrimEnd('.');
        return name.Length > 0
            && (
                IPAddress.TryParse(name, out _) || _own.Contains(name)
                    || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                    || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                    || (isOfProgram && !name.Contains('.', StringComparison.Ordinal)));
    }
}
