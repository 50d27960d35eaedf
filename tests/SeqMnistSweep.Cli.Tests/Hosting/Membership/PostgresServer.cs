using System.Diagnostics;
using Npgsql;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>A PostgreSQL of its own on loopback in a temporary folder; started when first asked for. It refuses to run as root, who runs it as <c>postgres</c>.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string User = "postgres";

    private readonly Lazy<Task<string>> _address;
    private DirectoryInfo? _folder;
    private Process? _process;

    public PostgresServer() => _address = new(StartAsync);

    /// <summary>For <c>--membership</c>.</summary>
    public Task<string> Address => _address.Value;

    private string Data => Path.Combine(_folder!.FullName, "data");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            var (program, arguments) = AsUser("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w");
            await DebianPrograms.RunAsync(program, arguments);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder?.Delete(recursive: true);
    }

    private async Task<string> StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("seqsweep-postgres-");
        if (Environment.IsPrivilegedProcess)
        {
            await DebianPrograms.RunAsync("/bin/chown", User, _folder.FullName);
        }

        var (initdb, settings) = AsUser("initdb", "-D", Data, "-U", "ada", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
        await DebianPrograms.RunAsync(initdb, settings);
        var port = LocalPort.Free();
        var (postgres, arguments) = AsUser("postgres", "-D", Data, "-h", "127.0.0.1", "-p", $"{port}", "-k", _folder.FullName, "-F");
        (_process, var output) = DebianPrograms.Start(postgres, arguments);
        await DebianPrograms.UntilAnswersAsync(_process, output, async () =>
        {
            await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username=ada;Database=postgres;Timeout=1");
            await using var command = source.CreateCommand("create database sweeps");
            await command.ExecuteNonQueryAsync();
        });
        return $"postgres://ada:any@127.0.0.1:{port}/sweeps";
    }

    private static (string Program, string[] Arguments) AsUser(string program, params string[] arguments)
    {
        var path = DebianPrograms.Find(program)!;
        return Environment.IsPrivilegedProcess
            ? ("/usr/bin/setpriv", ["--reuid", User, "--regid", User, "--clear-groups", path, .. arguments])
            : (path, arguments);
    }
}
