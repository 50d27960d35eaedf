using System.Diagnostics;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>Records what TCP carries to and from a host, with a few lines of Python: nothing else is needed for that.</summary>
internal sealed class Wire : IAsyncDisposable
{
    /// <summary>Keeps the first bytes of each direction of each connection beyond this host, and says those that are no TLS record.</summary>
    private const string Script = """
        import signal, socket, struct, sys
        heads = {}
        def end(*_):
            for key, head in heads.items():
                if head and not (head[0] in (20, 21, 22, 23) and head[1:2] in (b"", b"\x03")):
                    print(key, head[:16], flush=True)
            print("frames", len(heads), flush=True)
            sys.exit(0)
        signal.signal(signal.SIGTERM, end)
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
        print("recording", flush=True)
        while True:
            frame = s.recv(65535)
            if len(frame) < 54 or frame[12:14] != b"\x08\x00" or frame[23] != 6:
                continue
            ip = frame[14:]
            tcp = ip[(ip[0] & 15) * 4:struct.unpack("!H", ip[2:4])[0]]
            data = tcp[(tcp[12] >> 4) * 4:]
            key = (socket.inet_ntoa(ip[12:16]), socket.inet_ntoa(ip[16:20])) + struct.unpack("!HH", tcp[:4])
            if data and key[0] != key[1] and not key[0].startswith("127."):
                heads.setdefault(key, data[:16])
        """;

    private readonly Process _python;
    private readonly Task<string> _lines;

    public Wire(Network network, string host, Fleet fleet)
    {
        var path = Path.Combine(fleet.Folder("wire"), "wire.py");
        File.WriteAllText(path, Script);
        string[] command = [.. network.On(host), "python3", path];
        _python = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })!;
        Assert.Equal("recording", _python.StandardOutput.ReadLine());
        _lines = _python.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Ends the recording.</summary>
    /// <returns>What was no TLS; empty when all of it was.</returns>
    public async Task<string> StrangeAsync(Fleet fleet)
    {
        RunningProgram.SignalTo(_python.Id, "TERM");
        var lines = (await _lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var frames = int.Parse(lines[^1].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(frames > 10, $"{frames} directions of connections were seen, too few for a cluster at {fleet.Url}");
        return string.Join('\n', lines[..^1]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_python.HasExited)
        {
            _python.Kill(entireProcessTree: true);
            await _python.WaitForExitAsync();
        }

        _python.Dispose();
    }
}
