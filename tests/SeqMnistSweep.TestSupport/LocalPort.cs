using System.Net;
using System.Net.Sockets;

namespace SeqMnistSweep.TestSupport;

/// <summary>TCP ports of this machine.</summary>
public static class LocalPort
{
    /// <summary>One that nobody listens on now.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
