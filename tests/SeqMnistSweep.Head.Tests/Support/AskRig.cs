using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Support;

/// <summary>A head with both doors, HTTP before a silo on a real database.</summary>
internal sealed class AskRig : IAsyncDisposable
{
    public const string Sweep = """
        name: ask
        program: ask
        method: grid
        metric: {name: loss, goal: minimize}
        parameters: {x: {values: [1, 2, 3]}}
        """;

    private WebApplication? _app;

    private AskRig(HeadRig head) => Head = head;

    public HeadRig Head { get; }

    public Uri Url => new(_app!.Urls.First());

    /// <summary>Of an admin.</summary>
    public HttpClient Client { get; private set; } = null!;

    public string Token => _app!.Services.GetRequiredService<Credentials>().AdminToken;

    public static async Task<AskRig> StartAsync()
    {
        var rig = new AskRig(await HeadRig.StartAsync());
        await rig.ListenAsync();
        return rig;
    }

    /// <summary>The head goes down and comes up again on the same database.</summary>
    public async Task RestartAsync()
    {
        await HangUpAsync();
        await Head.RestartAsync();
        await ListenAsync();
    }

    /// <summary>Posts JSON; answers the status and the body.</summary>
    public async Task<(int Status, JsonObject Body)> PostAsync(string path, string json)
    {
        using var answer = await Client.PostAsync(new Uri($"api/v1/sweeps/{path}", UriKind.Relative), new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    /// <summary>Asks for a trial that must be there.</summary>
    public async Task<(string Trial, string Lease)> AskAsync(SweepId sweep, string json = "{}")
    {
        var (status, body) = await PostAsync($"{sweep}/ask", json);
        Assert.True(status == 200 && body["trial"] is not null, body.ToJsonString());
        return ((string)body["trial"]!, (string)body["lease"]!);
    }

    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        await Head.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(Head.Store).AddSingleton(Head.Grains).AddSingleton(Head.Sweeps).AddSingleton(Head.Submissions);
        builder.Services.AddSingleton(new HeadOptions { CheckpointFolder = Head.CheckpointFolder }).AddHeadApi();
        _app = builder.Build();
        _app.UseHeadApi();
        _app.MapHead();
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = Url };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    private async Task HangUpAsync()
    {
        Client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }
}
