using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Head.Tests.Http;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;
using static SeqMnistSweep.Head.Tests.Http.HttpHead;

namespace SeqMnistSweep.Head.Tests.Live;

public sealed class LiveStreamTests
{
    [Theory]
    [InlineData("sweeps,workers", true)]
    [InlineData("sweep:tcn-7f3k,trial:tcn-7f3k/17", true)]
    [InlineData("sweep:", false)]
    [InlineData("trial:tcn-7f3k", false)]
    [InlineData("weather", false)]
    public void Topics_are_words(string text, bool known) => Assert.Equal(known, LiveTopics.Parse(text) is not null);

    [Fact]
    public async Task A_client_gets_the_picture_at_once_and_again_when_it_changes()
    {
        await using var head = await StartAsync();
        await using var stream = await ListenAsync(head, $"topics=sweep:{Sweep},trial:{Sweep}/2");
        var first = await stream.NextAsync();
        Assert.Equal(3, (int)first["topics"]![$"sweep:{Sweep}"]!["running_count"]!);
        Assert.Equal("running", (string)first["topics"]![$"trial:{Sweep}/2"]!["state"]!);

        await head.Store.Writer.WriteAsync(Sweep, [Event(2, TrialState.Paused)]);
        var second = await stream.NextAsync();
        Assert.Equal("paused", (string)second["events"]![0]!["to_state"]!);
    }

    [Fact]
    public async Task Events_of_other_sweeps_are_not_told()
    {
        await using var head = await StartAsync();
        await using var stream = await ListenAsync(head, "topics=sweep:other-0000,sweeps");
        await stream.NextAsync();
        await head.Store.Writer.WriteAsync(Sweep, [Event(1, TrialState.Failed), new SweepChange.SweepUpdated(RunningSweep with { Reason = "changed" })]);
        var update = await stream.NextAsync();
        Assert.Empty(update["events"]!.AsArray());
        Assert.Equal("changed", (string)update["topics"]!["sweeps"]![0]!["reason"]!);
    }

    /// <summary>Events as fast as the disk takes them; the line breaks twice on the way.</summary>
    [Fact]
    public async Task Many_events_come_in_few_updates_each_once_and_in_order_over_reconnects()
    {
        const int Events = 4000;
        const int Connections = 3;
        await using var head = await StartAsync();
        var first = head.Store.Reader.LastEvent() + 1;
        var seen = new List<long>();
        string? last = $"{first - 1}";
        var (updates, written, start) = (0, 0, Stopwatch.GetTimestamp());
        for (var connection = 1; connection <= Connections; connection++)
        {
            await using var stream = await ListenAsync(head, $"topics=sweep:{Sweep}", last);
            for (var end = Events * connection / Connections; written < end; written++)
            {
                await head.Store.Writer.WriteAsync(Sweep, [Event(1, TrialState.Paused, $"event {written}")]);
            }

            while (seen.Count < written)
            {
                var update = await stream.NextAsync();
                updates++;
                last = stream.LastId;
                seen.AddRange(update["events"]!.AsArray().Select(told => (long)told!["event"]!));
            }
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Assert.Equal(Enumerable.Range(0, Events).Select(i => first + i), seen);
        Assert.True(updates <= (4 * seconds) + (2 * Connections), $"{updates} updates in {seconds:0.0} s");
    }

    [Fact]
    public async Task A_number_from_another_database_holds_nothing_back()
    {
        await using var head = await StartAsync();
        await using var stream = await ListenAsync(head, $"topics=sweep:{Sweep}", "999999999");
        await stream.NextAsync();
        await head.Store.Writer.WriteAsync(Sweep, [Event(1, TrialState.Failed)]);
        Assert.Single((await stream.NextAsync())["events"]!.AsArray());
    }

    [Fact]
    public async Task What_many_look_at_is_read_once()
    {
        var reads = new SharedReads<string?>();
        var count = 0;
        Task<string?> Read()
        {
            Interlocked.Increment(ref count);
            return Task.FromResult<string?>("picture");
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => reads.GetAsync("sweep:a", 1, Read))));
        Assert.Equal(1, count);
        await reads.GetAsync("sweep:a", 2, Read);
        Assert.Equal(2, count);
    }

    private static SweepRecord RunningSweep => new()
    {
        Id = Sweep,
        Name = "rig",
        State = SweepState.Running,
        Method = "grid",
        Metric = "value",
        Maximize = false,
        Source = "method: grid\n",
        Digest = "d",
        Created = DateTimeOffset.UnixEpoch,
    };

    private static SweepChange.EventAdded Event(int trial, TrialState to, string reason = "for the test") => new(new SweepEvent(
        new Occurrence.TrialMoved(trial, 1, TrialState.Running, to, TransitionCause.Released), reason, "test", DateTimeOffset.UnixEpoch));

    private static async Task<Listening> ListenAsync(HttpHead head, string query, string? last = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"api/v1/live?{query}", UriKind.Relative));
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await head.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new Listening(answer, await answer.Content.ReadAsStreamAsync());
    }

    private sealed class Listening(HttpResponseMessage answer, Stream stream) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));
        private IAsyncEnumerator<SseItem<string>>? _items;

        public string? LastId { get; private set; }

        public async Task<JsonNode> NextAsync()
        {
            _items ??= SseParser.Create(stream).EnumerateAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
            do
            {
                Assert.True(await _items.MoveNextAsync(), "the stream ended");
                LastId = _items.Current.EventId;
            }
            while (_items.Current.EventType != "update");
            return JsonNode.Parse(_items.Current.Data)!;
        }

        public async ValueTask DisposeAsync()
        {
            answer.Dispose();
            await stream.DisposeAsync();
            _limit.Dispose();
        }
    }
}
