using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.Head.Tests.Http;
using SeqMnistSweep.Head.Webhooks;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Webhooks;

public sealed class WebhookTests
{
    [Fact]
    public async Task A_new_best_and_the_end_arrive_as_json_also_after_a_refusal()
    {
        await using var head = await HttpHead.StartAsync(trials: 2);
        using var listener = Listen(out var url);
        var webhook = new Webhook(head.Store, new WebhookOptions(url, 0.5), TimeProvider.System, NullLogger<Webhook>.Instance);
        await webhook.StartAsync(CancellationToken.None);

        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [Completed(1, 0.5)]);
        await AnswerAsync(listener, 503); // told again
        var best = await AnswerAsync(listener, 200);
        Assert.Equal(("new_best", "rig-0000/1", 0.5), ((string)best["kind"]!, (string)best["trial"]!, (double)best["value"]!));

        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [Completed(2, 0.75)]); // minimised: no better
        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [new SweepChange.SweepUpdated(Sweep(SweepState.Completed))]);
        var end = await AnswerAsync(listener, 200);
        Assert.Equal(("finished", "completed"), ((string)end["kind"]!, (string)end["state"]!));
        Assert.Contains("2 trials completed", (string)end["text"]!, StringComparison.Ordinal);
        await webhook.StopAsync(CancellationToken.None);
        webhook.Dispose();
    }

    [Fact]
    public async Task A_redirect_leads_nowhere()
    {
        await using var head = await HttpHead.StartAsync(trials: 1);
        using var listener = Listen(out var url);
        var webhook = new Webhook(head.Store, new WebhookOptions(url, 0.5), TimeProvider.System, NullLogger<Webhook>.Instance);
        await webhook.StartAsync(CancellationToken.None);
        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [Completed(1, 0.5)]);
        var asked = new List<string>();
        for (var tries = 0; tries < 3; tries++)
        {
            var context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(60));
            asked.Add($"{context.Request.HttpMethod} {context.Request.RawUrl}");
            context.Response.Redirect(new Uri(url, "internal/admin?delete=1").ToString());
            context.Response.Close();
        }

        Assert.All(asked, request => Assert.Equal("POST /hook/", request));
        await webhook.StopAsync(CancellationToken.None);
        webhook.Dispose();
    }

    private static HttpListener Listen(out Uri url)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/hook/");
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add(url.ToString());
        listener.Start();
        return listener;
    }

    private static async Task<JsonNode> AnswerAsync(HttpListener listener, int status)
    {
        var context = await listener.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(60));
        using var reader = new StreamReader(context.Request.InputStream);
        var body = JsonNode.Parse(await reader.ReadToEndAsync())!;
        context.Response.StatusCode = status;
        context.Response.Close();
        return body;
    }

    private static SweepChange.TrialUpdated Completed(int number, double value) => new(
        new TrialRecord { Number = number, Configuration = number, Parameters = ParameterSet.Empty, Seed = 1, State = TrialState.Completed, Value = value, ValueEpoch = 1, Epoch = 1, Lease = 1, Attempts = 1, Created = DateTimeOffset.UnixEpoch, Finished = DateTimeOffset.UnixEpoch },
        1);

    private static SweepRecord Sweep(SweepState state) => new()
    {
        Id = HttpHead.Sweep, Name = "rig", State = state, Method = "grid", Metric = "value", Maximize = false, Source = "method: grid\n", Digest = "d", Created = DateTimeOffset.UnixEpoch,
    };
}
