using System.Net;
using System.Net.Sockets;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Ports, tried before anybody listens: on Linux two silos could share one, and connections would reach either.</summary>
internal static class Ports
{
    public static int Free(IPAddress address)
    {
        using var socket = Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <param name="option">The option that would choose another.</param>
    /// <exception cref="CommandError">Somebody listens there, or the address is not this machine's.</exception>
    public static void Require(IPAddress address, int port, string option)
    {
        try
        {
            Bind(new IPEndPoint(address, port)).Dispose();
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new CommandError(
                ExitCodes.NotAllowed, $"port {port} of {address} is taken by another process",
                $"stop that one, or choose another port with {option} N");
        }
        catch (SocketException error)
        {
            throw new CommandError(
                ExitCodes.Usage, $"cannot listen on {address}:{port}: {error.Message}", "--listen takes an address of this machine");
        }
    }

    private static Socket Bind(IPEndPoint place)
    {
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(place);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
