using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Cli.Hosting.Runs;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Security;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Hosting.Runs;

/// <summary>The dashboard of a run: its own account's, of one sweep, and found by the commands of its folder.</summary>
public sealed class RunPageTests : IAsyncLifetime, IDisposable
{
    private const string Sweep = "name: mine\nprogram: noop\nmethod: grid\nmetric: {name: value}\nparameters: {x: {values: [1, 2]}}\n";

    private readonly Workplace _place = new();
    private HeadStore _store = null!;
    private LocalCluster _cluster = null!;
    private HeadOptions _options = null!;
    private SweepId? _sweep;

    public async Task InitializeAsync()
    {
        await _place.AddSweepAsync();
        _store = await HeadStore.OpenAsync(_place.Database, TimeProvider.System);
        _options = new HeadOptions
        {
            CheckpointFolder = Path.Combine(_place.Folder, "checkpoints"), TakesUpUnfinished = false, OwnAccountOnly = true, OnlySweep = () => _sweep,
            QueryCommand = SeqSweepProgram.Query,
        };
        _cluster = await LocalCluster.StartAsync(_store, _options, null, NullLoggerProvider.Instance, TimeProvider.System);
        var reply = await _cluster.Grains.GetGrain<IHeadGrain>(0).Submit(new SubmitRequest(Sweep, "mine.yaml", false, null, "ada"));
        _sweep = reply.Sweep;
    }

    public async Task DisposeAsync()
    {
        await _cluster.StopAsync();
        await _cluster.DisposeAsync();
        _store.Dispose();
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Nobody_without_a_credential_is_answered()
    {
        await using var page = await StartAsync();
        await OpenPaths.CheckAsync(
            page.Url, page.Services, ["/healthz/live", "/healthz/ready", "/assets/{name}", "/icon.svg", "/theme.js", "/{**page}"]);
    }

    [Fact]
    public async Task Every_steering_command_of_its_folder_reaches_it()
    {
        await using var page = await StartAsync();
        foreach (var command in (string[])["pause @last --db", "resume mine --db", "enqueue @last x=2", "edit @last --priority 3", "ask @last", "stop @last --db"])
        {
            var words = command.Replace("--db", $"--db {_place.Database}", StringComparison.Ordinal).Split(' ');
            var ended = await _place.RunAsync(words);
            Assert.True(ended.ExitCode == 0, $"{command}: {ended.Error}");
        }

        var events = _store.Reader.Events(_sweep!.Value).Select(happened => happened.Reason).ToList();
        Assert.Equal(SweepState.Stopping.ToName(), _store.Reader.Sweep(_sweep.Value)!.State);
        Assert.Contains("ended already", (await _place.RunAsync("cancel", $"{_sweep}/99")).Error + (await _place.RunAsync("pause", "tcn-7f3k")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_does_not_answer_is_named_and_its_database_is_left_to_it()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        var file = new HeadFile($"http://127.0.0.1:{port}", "", Environment.ProcessId) { Database = _place.Database };
        file.Write(HeadFile.PathsOf(port, _place.Variables.GetValueOrDefault, Environment.MachineName));
        var ended = await _place.RunAsync("pause", "@last", "--db", _place.Database);
        Assert.Equal(6, ended.ExitCode);
        Assert.Contains($"no head answers at http://127.0.0.1:{port}: connection refused", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_sweeps_are_for_runs_of_their_own()
    {
        await using var page = await StartAsync();
        File.WriteAllText(Path.Combine(_place.Folder, "other.yaml"), Sweep.Replace("mine", "other", StringComparison.Ordinal));
        var submitted = await _place.RunAsync("submit", "other.yaml");
        Assert.Equal(4, submitted.ExitCode);
        Assert.Contains($"a run of {_sweep} alone; when it has ended: seqsweep run FILE", submitted.Error, StringComparison.Ordinal);
        Assert.Contains("seqsweep run tcn-7f3k", (await _place.RunAsync("retry", "tcn-7f3k")).Error, StringComparison.Ordinal);
        Assert.Equal(2, _store.Reader.Sweeps().Count);
    }

    [Fact]
    public async Task Tokens_that_a_head_gave_are_none_here()
    {
        string token;
        await _cluster.StopAsync();
        await _cluster.DisposeAsync();
        _store.Dispose();
        await using (var head = await TestHead.StartAsync(_place.Database))
        {
            using var admin = head.CreateClient();
            using var made = await admin.PostAsJsonAsync(new Uri("api/v1/tokens", UriKind.Relative), new { name = "bob", role = "admin" });
            token = (string)(await made.Content.ReadFromJsonAsync<JsonObject>())!["token"]!;
        }

        await InitializeAgainAsync();
        await using var page = await StartAsync();
        using var bob = new HttpClient { BaseAddress = page.Url };
        bob.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await bob.GetAsync(new Uri("api/v1/sweeps", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task A_taken_port_is_said_and_hinders_nobody()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var said = new StringWriter();
        var context = new CommandContext(TextReader.Null, said, said, null, null, TestHead.Variable, _place.Folder, TimeProvider.System);
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Null(await RunPage.TryShowAsync(_cluster, _store, _options, port, NullLoggerProvider.Instance, context, context.Say));
        Assert.Contains("no dashboard", said.ToString(), StringComparison.Ordinal);

        var homeless = context with { Variable = _ => null };
        await using var page = await RunPage.TryShowAsync(_cluster, _store, _options, 0, NullLoggerProvider.Instance, homeless, homeless.Say);
        Assert.NotNull(page);
    }

    [Fact]
    public async Task Its_link_is_for_terminals()
    {
        var said = new StringWriter();
        var pipe = new CommandContext(TextReader.Null, said, said, null, null, TestHead.Variable, _place.Folder, TimeProvider.System);
        await using (var page = await RunPage.TryShowAsync(_cluster, _store, _options, 0, NullLoggerProvider.Instance, pipe, pipe.Say))
        {
            Assert.DoesNotContain("#login", said.ToString(), StringComparison.Ordinal);
        }

        await using (var page = await RunPage.TryShowAsync(_cluster, _store, _options, 0, NullLoggerProvider.Instance, pipe with { ErrorWidth = 80 }, pipe.Say))
        {
            Assert.Contains("/#login=", said.ToString(), StringComparison.Ordinal);
        }
    }

    private Task<LocalPage> StartAsync() => LocalPage.StartAsync(
        _store, _options, 0, _cluster.Services, NullLoggerProvider.Instance, TestHead.Variable, TimeProvider.System);

    private async Task InitializeAgainAsync()
    {
        _store = await HeadStore.OpenAsync(_place.Database, TimeProvider.System);
        _cluster = await LocalCluster.StartAsync(_store, _options, null, NullLoggerProvider.Instance, TimeProvider.System);
    }
}
