using System.Net;
using System.Text.Json.Nodes;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Http;

public sealed class TablesEndpointsTests
{
    [Fact]
    public async Task Trials_come_by_columns()
    {
        await using var head = await StartAsync();
        var table = await ReadAsync(head, $"sweeps/{Sweep}/trials?where=number%20%3E%201&sort=-number&columns=number,state,value");
        Assert.Equal((3, 2), ((int)table["total"]!, (int)table["matched"]!));
        Assert.Equal("""{"number":[3,2],"state":["running","running"],"value":[null,null]}""", table["columns"]!.ToJsonString());
    }

    [Fact]
    public async Task A_wrong_filter_is_refused_with_its_place()
    {
        await using var head = await StartAsync();
        using var answer = await head.Client.GetAsync(new Uri($"api/v1/sweeps/{Sweep}/trials?where=stat%20==%20%27failed%27", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]!;
        Assert.Contains("there is no 'stat'", (string)error["message"]!, StringComparison.Ordinal);
        Assert.Equal(0, (int)error["position"]!);
    }

    [Fact]
    public async Task Who_has_the_newest_is_told_so_until_something_changes()
    {
        await using var head = await StartAsync();
        var path = new Uri($"api/v1/sweeps/{Sweep}/trials", UriKind.Relative);
        using var first = await head.Client.GetAsync(path);
        var tag = first.Headers.ETag!;

        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync());
        await head.Store.Writer.WriteAsync(SweepId.Parse("rig-0000"), [new SweepChange.EventAdded(new SweepEvent(new Occurrence.SweepChanged(), "hm", "test", DateTimeOffset.UnixEpoch))]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());

        async Task<HttpStatusCode> StatusAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.IfNoneMatch.Add(tag);
            using var answer = await head.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_document_of_the_interface_names_what_there_is()
    {
        await using var head = await StartAsync();
        var paths = JsonNode.Parse(await head.Client.GetStringAsync(new Uri("api/v1/openapi.json", UriKind.Relative)))!["paths"]!.AsObject().Select(path => path.Key).ToList();
        Assert.Contains("/api/v1/sweeps/{sweep}/trials", paths);
        Assert.Contains("/api/v1/live", paths);
        Assert.Contains("/api/v1/query", paths);
        Assert.DoesNotContain(paths, path => !path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/healthz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_summary_has_what_a_page_begins_with()
    {
        await using var head = await StartAsync();
        var summary = await ReadAsync(head, $"sweeps/{Sweep}/summary");
        Assert.Equal(3, (int)summary["running_count"]!);
        Assert.Equal("rig-0000", (string)summary["sweep"]!["sweep"]!);
        Assert.Null(summary["confirm"]);
    }

    [Theory]
    [InlineData("metric: {name: value, goal: minimize}", SweepState.Completed, 5, 5)]
    [InlineData("metric: {name: value, goal: minimize}\nconfirm: {top: 3, seeds: 4}", SweepState.Completed, 3, 4)]
    [InlineData("metric: {name: value, goal: minimize}", SweepState.Cancelled, null, null)]
    [InlineData("metrics: [{name: value}, {name: seconds}]", SweepState.Completed, null, null)]
    public async Task A_summary_offers_to_confirm_what_can_be_confirmed(string metric, SweepState state, int? top, int? seeds)
    {
        await using var head = await StartAsync();
        var file = $"method: grid\nprogram: noop\n{metric}\nparameters: {{x: {{values: [1, 2, 3]}}}}\n";
        await head.Store.Writer.WriteAsync(Sweep,
        [
            new SweepChange.TrialUpdated(HttpHead.NewTrial(1) with { State = TrialState.Completed, Value = 0.5, Epoch = 1 }, 1),
            new SweepChange.SweepUpdated(head.Store.Reader.LoadSweep(Sweep)!.Sweep with { State = state, Source = file }),
        ]);
        var confirm = (await ReadAsync(head, $"sweeps/{Sweep}/summary"))["confirm"];
        Assert.Equal((top, seeds), ((int?)confirm?["top"], (int?)confirm?["seeds"]));
    }

    private static async Task<JsonNode> ReadAsync(HttpHead head, string path) => JsonNode.Parse(await head.Client.GetStringAsync(new Uri($"api/v1/{path}", UriKind.Relative)))!;
}
