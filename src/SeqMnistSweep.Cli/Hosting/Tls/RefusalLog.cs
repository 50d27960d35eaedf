using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace SeqMnistSweep.Cli.Hosting.Tls;

/// <summary>Says once a minute per address who was refused at a port, and why: the refused see a closed connection only.</summary>
internal sealed partial class RefusalLog(ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>So that a swarm of addresses takes no memory.</summary>
    private const int MaxAddresses = 1000;

    private static readonly AsyncLocal<Handshake?> Current = new();

    private readonly ConcurrentDictionary<(IPAddress, string), long> _said = new();

    /// <summary>The handshake under way here succeeded.</summary>
    public static void Admit()
    {
        if (Current.Value is { } handshake)
        {
            handshake.Succeeded = true;
        }
    }

    /// <summary>The handshake under way here fails.</summary>
    public static void Because(string why)
    {
        if (Current.Value is { } handshake)
        {
            handshake.Why = why;
        }
    }

    public async Task WatchAsync(ConnectionContext connection, string port, ConnectionDelegate next)
    {
        var handshake = Current.Value = new Handshake();
        try
        {
            await next(connection);
        }
        finally
        {
            if (!handshake.Succeeded)
            {
                Say(connection.RemoteEndPoint, port, handshake.Why);
            }
        }
    }

    private void Say(EndPoint? from, string port, string why)
    {
        if (from is not IPEndPoint { Address: var address }) return;

        var now = Environment.TickCount64;
        if (_said.TryGetValue((address, port), out var last) && now - last < Every.TotalMilliseconds) return;

        if (_said.Count >= MaxAddresses)
        {
            _said.Clear();
        }

        _said[(address, port)] = now;
        LogRefused(address, port, why);
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "A connection from {Address} to the {Port} port was refused: {Why}. Told once a minute.")]
    private partial void LogRefused(IPAddress address, string port, string why);

    private sealed class Handshake
    {
        public bool Succeeded { get; set; }

        public string Why { get; set; } = "it did not speak TLS as this cluster does";
    }
}
