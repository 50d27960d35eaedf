using System.Diagnostics;
using StackExchange.Redis;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>A Redis of its own on loopback, in memory alone; started when first asked for.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly Lazy<Task<string>> _address;
    private DirectoryInfo? _folder;
    private Process? _process;

    public RedisServer() => _address = new(StartAsync);

    /// <summary>For <c>--membership</c>.</summary>
    public Task<string> Address => _address.Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder?.Delete(recursive: true);
    }

    private async Task<string> StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("seqsweep-redis-");
        var port = LocalPort.Free();
        (_process, var output) = DebianPrograms.Start(
            DebianPrograms.Find("redis-server")!,
            "--bind", "127.0.0.1", "--port", $"{port}", "--save", "", "--appendonly", "no", "--requirepass", "secret", "--dir", _folder.FullName);
        await DebianPrograms.UntilAnswersAsync(_process, output, async () =>
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password=secret,connectTimeout=1000");
        });
        return $"redis://:secret@127.0.0.1:{port}/2";
    }
}
