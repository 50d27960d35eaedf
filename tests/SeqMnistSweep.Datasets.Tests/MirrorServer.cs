using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SeqMnistSweep.Datasets.Tests;

internal sealed record MirrorRequest(string File, string? Range, string? IfRange, int Number)
{
    /// <summary>Where the client wants to go on, from "bytes=N-".</summary>
    public int From => Range is null ? 0 : int.Parse(Range["bytes=".Length..^1]);
}

/// <summary>What the server says; by default all of the body. <see cref="SendOnly"/> breaks off, or stalls if told so, after that many bytes.</summary>
internal sealed record MirrorReply(byte[] Body, int Status = 200, params string[] Headers)
{
    public long? StatedLength { get; init; }

    public int? SendOnly { get; init; }

    public bool Stalls { get; init; }

    public static MirrorReply Failure(int status) => new("sorry"u8.ToArray(), status);
}

/// <summary>A mirror on the loopback that answers as the test says, over raw sockets so that it can misbehave.</summary>
internal sealed class MirrorServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _seen = new();
    private readonly Func<MirrorRequest, MirrorReply> _reply;

    public MirrorServer(Func<MirrorRequest, MirrorReply> reply)
    {
        _reply = reply;
        _listener.Start();
        Base = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mnist/");
        _ = AcceptAsync();
    }

    public Uri Base { get; }

    public ConcurrentQueue<MirrorRequest> Requests { get; } = new();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream);
                Requests.Enqueue(request);
                await WriteAsync(stream, _reply(request));
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away or the test is over.
            }
        }
    }

    private async Task<MirrorRequest> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync(_stop.Token))!.Split(' ')[1];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        var file = path[(path.LastIndexOf('/') + 1)..];
        return new MirrorRequest(
            file, headers.GetValueOrDefault("Range"), headers.GetValueOrDefault("If-Range"), _seen.AddOrUpdate(file, 1, (_, count) => count + 1));
    }

    private async Task WriteAsync(NetworkStream stream, MirrorReply reply)
    {
        var head = new StringBuilder($"HTTP/1.1 {reply.Status} Said\r\nConnection: close\r\nContent-Length: {reply.StatedLength ?? reply.Body.Length}\r\n");
        foreach (var header in reply.Headers)
        {
            head.Append(header).Append("\r\n");
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        await stream.WriteAsync(reply.Body.AsMemory(0, reply.SendOnly ?? reply.Body.Length), _stop.Token);
        await stream.FlushAsync(_stop.Token);
        if (reply.Stalls)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
    }
}
