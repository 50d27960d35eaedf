using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SeqMnistSweep.Results.Rows;

namespace SeqMnistSweep.Head.Live;

/// <summary>One stream of server-sent events per client. Every update is a JSON object: the topics that changed, and the events since the
/// last update. Its id is the number of the last event, so a client that comes back with it misses none; topics are sent again then.
/// Changes are gathered for a quarter of a second, and topics that many clients show are read once.</summary>
internal sealed class LiveStream(HeadStore store, SummaryReader summaries, TimeProvider time, IGrainFactory? grains = null)
{
    /// <summary>The shortest time between two updates to one client.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Events in one update; the others follow in the next.</summary>
    public const int MaxEvents = 2000;

    /// <summary>How often progress between two epochs, which is not stored, is read while a trial runs.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>The list of sweeps counts the trials of all of them, too slow for four times a second.</summary>
    private static readonly TimeSpan ListPace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    private readonly SharedReads<Picture?> _shared = new();
    private readonly SharedReads<IReadOnlyList<EventRow>> _events = new();
    private readonly SweepList _list = new(store);

    /// <param name="after">The last event that the client has; null starts with the next one.</param>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(
        LiveTopics topics, long? after, [EnumeratorCancellation] CancellationToken stop)
    {
        // A number from another database would wait for events that never come.
        var newest = store.Reader.LastEvent();
        var client = new Client(topics, Math.Min(after ?? newest, newest));
        var sent = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var now = time.GetTimestamp();
            if (await UpdateAsync(client, stop) is { } update)
            {
                sent = now;
                yield return new SseItem<string>(update, "update") { EventId = $"{client.Cursor}" };
            }
            else if (time.GetElapsedTime(sent) >= PingEvery)
            {
                sent = now;
                yield return new SseItem<string>("", "ping") { EventId = $"{client.Cursor}" };
            }

            // Everything that happens meanwhile goes into one update.
            await Task.Delay(Pace, time, stop);
            if (!client.HasMore)
            {
                await NewsAsync(client, stop);
            }
        }
    }

    /// <summary>Waits for a commit, for the next beat while a trial runs, or for a ping to be due.</summary>
    private async Task NewsAsync(Client client, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var wait = Task.Delay(client.Runs || client.OwesList ? Beat : PingEvery, time, over.Token);
        await Task.WhenAny(store.Changes.After(client.Seen), wait);
        stop.ThrowIfCancellationRequested();
        await over.CancelAsync();
    }

    private async Task<string?> UpdateAsync(Client client, CancellationToken stop)
    {
        var version = store.Changes.Version;
        var beat = client.Runs ? (long)(time.GetElapsedTime(0) / Beat) : 0;
        if (client.IsUpToDate(version, beat)) return null;

        var events = version == client.Seen ? [] : await EventsAsync(client.Cursor, version);
        client.HasMore = events.Count == MaxEvents;
        client.Cursor = events.Count > 0 ? events[^1].Event : client.Cursor;
        var parts = await PicturesAsync(client, version, beat);
        client.Now(version, beat);
        var told = events.Where(happened => client.Hears(happened)).ToList();
        return parts.Count == 0 && told.Count == 0 ? null : Write(parts, told);
    }

    private async Task<List<(string Topic, string Json)>> PicturesAsync(Client client, long version, long beat)
    {
        var topics = client.Topics;
        var parts = new List<(string Topic, string Json)>();
        if (topics.Sweeps && client.IsListDue(version, time.GetElapsedTime(0), ListPace))
        {
            await AddAsync("sweeps", version, () => Json(_list.Read()));
        }

        if (topics.Workers && grains is not null)
        {
            await AddAsync(
                "workers", Mix(version, beat),
                async () => new Picture(Text(await grains.GetGrain<IHeadGrain>(0).GetWorkers()), Runs: false));
        }

        foreach (var sweep in topics.Of)
        {
            await AddAsync($"sweep:{sweep}", Mix(store.Changes.Of(sweep), beat), () => SummaryAsync(sweep));
        }

        foreach (var trial in topics.Trials)
        {
            await AddAsync($"trial:{trial}", store.Changes.Of(trial.Sweep), () => Json(store.Reader.Trial(trial)));
        }

        return parts;

        async Task AddAsync(string topic, long picture, Func<Task<Picture?>> read)
        {
            if (!client.Has(topic, picture) && await _shared.GetAsync(topic, picture, read) is { } seen
                && client.IsNew(topic, picture, seen))
            {
                parts.Add((topic, seen.Json));
            }
        }
    }

    /// <summary>Clients at the same event share one read.</summary>
    private Task<IReadOnlyList<EventRow>> EventsAsync(long after, long version) =>
        _events.GetAsync($"{after}", version, () => Task.FromResult(store.Reader.EventsAfter(after, MaxEvents)));

    private async Task<Picture?> SummaryAsync(SweepId sweep) => await summaries.ReadAsync(sweep, CancellationToken.None) is { } summary
        ? new Picture(Text(summary), summary.Running.Any(running => running.Progress is not null))
        : null;

    private static string Write(List<(string Topic, string Json)> parts, List<EventRow> events)
    {
        var text = new StringBuilder("{\"topics\":{");
        text.AppendJoin(',', parts.Select(part => $"{JsonSerializer.Serialize(part.Topic)}:{part.Json}"));
        return text.Append("},\"events\":").Append(Text(events)).Append('}').ToString();
    }

    private static long Mix(long version, long beat) => HashCode.Combine(version, beat) ^ (version << 32);

    private static Task<Picture?> Json<T>(T value) => Task.FromResult(value is null ? null : new Picture(Text(value), Runs: false));

    private static string Text<T>(T value) => JsonSerializer.Serialize(value, ResultJson.Options);

    /// <summary>A topic as it is now.</summary>
    /// <param name="Runs">Whether it shows the progress of a running trial, which changes without a commit.</param>
    private sealed record Picture(string Json, bool Runs);

    /// <summary>What one client has received.</summary>
    private sealed class Client(LiveTopics topics, long cursor)
    {
        private readonly Dictionary<string, (long Version, int Hash)> _sent = [];
        private readonly HashSet<string> _running = [];
        private long _beat = -1;
        private TimeSpan? _listed;

        public LiveTopics Topics => topics;

        public long Cursor { get; set; } = cursor;

        public long Seen { get; private set; } = -1;

        /// <summary>Whether the last update was too small for all events.</summary>
        public bool HasMore { get; set; }

        /// <summary>Whether one of its topics shows the progress of a running trial.</summary>
        public bool Runs => _running.Count > 0;

        /// <summary>Whether the list of sweeps changed and is not sent yet.</summary>
        public bool OwesList { get; private set; }

        public bool IsUpToDate(long version, long beat) => !HasMore && !OwesList && version == Seen && beat == _beat;

        public bool IsListDue(long version, TimeSpan now, TimeSpan pace)
        {
            OwesList = !Has("sweeps", version) && _listed is { } last && now - last < pace;
            if (OwesList || Has("sweeps", version)) return false;

            _listed = now;
            return true;
        }

        public void Now(long version, long beat) => (Seen, _beat) = (version, beat);

        public bool Has(string topic, long version) => _sent.TryGetValue(topic, out var sent) && sent.Version == version;

        /// <summary>A topic that was read again may be unchanged.</summary>
        public bool IsNew(string topic, long version, Picture picture)
        {
            _ = picture.Runs ? _running.Add(topic) : _running.Remove(topic);
            var hash = string.GetHashCode(picture.Json, StringComparison.Ordinal);
            var isNew = !_sent.TryGetValue(topic, out var sent) || sent.Hash != hash;
            _sent[topic] = (version, hash);
            return isNew;
        }

        public bool Hears(EventRow happened) =>
            topics.Of.Any(sweep => sweep.Value == happened.Sweep) || topics.Trials.Any(trial => trial.ToString() == happened.Trial);
    }
}
