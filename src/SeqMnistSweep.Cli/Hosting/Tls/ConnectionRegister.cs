using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;

namespace SeqMnistSweep.Cli.Hosting.Tls;

/// <summary>Which certificate each open connection was admitted by: a handshake looks at it once, and a revocation must end what is
/// open.</summary>
internal sealed class ConnectionRegister(Func<string, bool> isRevoked)
{
    private readonly ConcurrentDictionary<ConnectionContext, string> _open = new();

    public bool IsRevoked(string serial) => isRevoked(serial);

    /// <returns>To be disposed when the connection has ended.</returns>
    public IDisposable Keep(X509Certificate2 peer, ConnectionContext connection)
    {
        _open[connection] = peer.SerialNumber;
        if (isRevoked(peer.SerialNumber))
        {
            connection.Abort();
        }

        return new Kept(_open, connection);
    }

    /// <summary>Ends the connections whose certificates are revoked.</summary>
    public void EndRevoked()
    {
        foreach (var (connection, serial) in _open)
        {
            if (isRevoked(serial))
            {
                connection.Abort();
            }
        }
    }

    private sealed class Kept(ConcurrentDictionary<ConnectionContext, string> open, ConnectionContext connection) : IDisposable
    {
        public void Dispose() => open.TryRemove(connection, out _);
    }
}
