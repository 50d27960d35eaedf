using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Cli.Tests.Hosting.Cluster;

/// <summary>The dashboard of a database that is only read.</summary>
public sealed class StoredPageTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Its_link_lets_one_browser_look_and_change_nothing()
    {
        await SeededResults.WriteAsync(_place.Database);
        var before = await File.ReadAllBytesAsync(_place.Database);
        var files = Directory.GetFiles(Path.GetDirectoryName(_place.Database)!).Except(Sides(_place.Database)).Order().ToList();
        await using (var page = await StoredPage.StartAsync(_place.Database, 0, TimeProvider.System))
        {
            using var browser = await LoginAsync(page);
            Assert.Equal("viewer", (string)(await AskAsync(browser, "me"))["role"]!);
            Assert.Equal("database", (string)(await AskAsync(browser, "me"))["serves"]!);
            Assert.Equal(2, (await AskAsync(browser, "sweeps")).AsArray().Count);
            Assert.Equal("gone", (string)(await AskAsync(browser, "workers"))[0]!["state"]!);
            Assert.Contains("nobody runs it", (string)(await AskAsync(browser, "sweeps/tcn-live/summary"))["waits"]!, StringComparison.Ordinal);
            Assert.Contains("beside the database", (string)(await AskAsync(browser, "trials/tcn-done/1/log"))["reason"]!, StringComparison.Ordinal);
            using var pause = await browser.PostAsJsonAsync(new Uri("api/v1/sweeps/tcn-live/pause", UriKind.Relative), new { });
            Assert.False(pause.IsSuccessStatusCode);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(_place.Database));
        Assert.Equal(files, Directory.GetFiles(Path.GetDirectoryName(_place.Database)!).Except(Sides(_place.Database)).Order());
    }

    [Fact]
    public async Task Nobody_else_is_answered_and_nothing_can_be_asked_that_changes_it()
    {
        await SeededResults.WriteAsync(_place.Database);
        await using var page = await StoredPage.StartAsync(_place.Database, 0, TimeProvider.System);
        await OpenPaths.CheckAsync(page.Link, page.Services, ["/assets/{name}", "/icon.svg", "/theme.js", "/{**page}"]);
        var changing = page.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Except(["GET", "HEAD"]).Any())
            .Select(endpoint => endpoint.RoutePattern.RawText);
        Assert.Equal(["/api/v1/login", "/api/v1/login/code", "/api/v1/logout", "/api/v1/query"], changing.Order());
    }

    [Fact]
    public async Task What_another_process_writes_is_seen()
    {
        await SeededResults.WriteAsync(_place.Database);
        await using var page = await StoredPage.StartAsync(_place.Database, 0, TimeProvider.System);
        using var browser = await LoginAsync(page);
        using var database = ResultDatabase.Open(_place.Database, TimeProvider.System);
        using var writer = new ResultWriter(database);
        Assert.Equal("ready", (string)(await AskAsync(browser, "workers"))[0]!["state"]!);
        var tag = (await browser.GetAsync(new Uri("api/v1/sweeps/tcn-live", UriKind.Relative))).Headers.ETag;
        await writer.WriteAsync(SweepId.Parse("tcn-live"), [new SweepChange.EventAdded(new SweepEvent(
            new Occurrence.SweepMoved(SweepState.Running, SweepState.Paused, SweepCause.Asked), "demo", "ada", DateTimeOffset.UnixEpoch))]);

        await Until.True(
            async () => !Equals((await browser.GetAsync(new Uri("api/v1/sweeps/tcn-live", UriKind.Relative))).Headers.ETag, tag), () => "unchanged");
    }

    [Fact]
    public async Task One_of_an_earlier_program_is_read_in_a_copy()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.Database)!);
        await using (var packed = new GZipStream(File.OpenRead(RepositoryFiles.PathOf("tests", "SeqMnistSweep.EndToEnd.Tests", "Databases", "schema-6.db.gz")), CompressionMode.Decompress))
        await using (var file = File.Create(_place.Database))
        {
            await packed.CopyToAsync(file);
        }

        var before = await File.ReadAllBytesAsync(_place.Database);
        await using (var page = await StoredPage.StartAsync(_place.Database, 0, TimeProvider.System))
        {
            using var browser = await LoginAsync(page);
            Assert.Contains("branin-j8n0", (await AskAsync(browser, "sweeps")).ToJsonString(), StringComparison.Ordinal);
            Assert.NotEmpty((await AskAsync(browser, "sweeps/branin-j8n0/leaderboard")).AsArray());
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(_place.Database));
    }

    [Fact]
    public async Task What_is_no_database_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_place.Database)!);
        File.WriteAllText(_place.Database, "no database");
        Assert.Equal(2, (await _place.RunAsync("open", "--db", _place.Database)).ExitCode);
        Assert.Equal(5, (await _place.RunAsync("open", "--db", "missing.db")).ExitCode);
    }

    /// <summary>SQLite's own: whoever reads makes them.</summary>
    private static string[] Sides(string database) => [database + "-wal", database + "-shm"];

    private static async Task<JsonNode> AskAsync(HttpClient browser, string path) =>
        (await browser.GetFromJsonAsync<JsonNode>(new Uri($"api/v1/{path}", UriKind.Relative)))!;

    private static async Task<HttpClient> LoginAsync(StoredPage page)
    {
        var link = page.Link;
        var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(link, "/") };
        using var answer = await browser.PostAsJsonAsync(
            new Uri("api/v1/login", UriKind.Relative), new { code = link.Fragment["#login=".Length..] });
        answer.EnsureSuccessStatusCode();
        return browser;
    }
}
