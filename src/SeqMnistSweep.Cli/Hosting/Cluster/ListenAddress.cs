using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>Where a process listens, and under which address others find it.</summary>
internal sealed record ListenAddress(IPAddress Bind, IPAddress Advertised)
{
    /// <summary>Whether only programs of this machine get here.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Bind);

    /// <summary>What programs of this machine use.</summary>
    public IPAddress Local =>
        Bind.Equals(IPAddress.Any) ? IPAddress.Loopback : Bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : Bind;

    /// <param name="listen">An IP address or a host name; <c>0.0.0.0</c> means every interface.</param>
    /// <param name="advertise">What others use; null for <paramref name="listen"/>, or this machine's first if that is every one.</param>
    /// <exception cref="CommandError">No address.</exception>
    public static ListenAddress Of(string listen, string? advertise)
    {
        var bind = Resolve(listen, "--listen");
        var advertised =
            advertise is not null ? Resolve(advertise, "--advertise") : bind.Equals(IPAddress.Any) ? FirstOfThisMachine() : bind;
        return new ListenAddress(bind, advertised);
    }

    /// <summary>This machine's address on the way to <paramref name="other"/>: what a worker listens on unless told.</summary>
    public static IPAddress Towards(IPAddress other)
    {
        if (IPAddress.IsLoopback(other)) return IPAddress.Loopback;

        // Connecting a datagram socket sends nothing; it only asks for the route.
        using var socket = new Socket(other.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(other, 9);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }

    /// <exception cref="CommandError">The name is not known.</exception>
    public static IPAddress Resolve(string host, string what)
    {
        if (IPAddress.TryParse(host, out var address)) return address;

        try
        {
            return Dns.GetHostAddresses(host, AddressFamily.InterNetwork) is [var first, ..]
                ? first
                : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException error)
        {
            throw new CommandError(
                ExitCodes.Usage, $"{what} {host}: no such host: {error.Message}",
                "give an IP address, or a name that this machine can resolve");
        }
    }

    private static IPAddress FirstOfThisMachine() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(
            network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
}
