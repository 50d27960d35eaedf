using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Workers;

/// <summary>Every worker that the database has seen: who is there, who drains, who is lost. Rules only; time is an argument, and what must
/// be stored comes out as rows.</summary>
/// <param name="lostAfter">Silence after which a worker is lost: the life of a lease.</param>
internal sealed class Fleet(TimeSpan lostAfter)
{
    /// <summary>How far the stored time of the last contact may lag: a row is not written for every exchange.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, FleetWorker> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkerSeen> _stored = new(StringComparer.Ordinal);

    public IReadOnlyCollection<FleetWorker> Workers => _workers.Values;

    /// <summary>Takes in a worker as an earlier head left it; it is lost when it stays silent for as long as any other.</summary>
    public void Remember(FleetWorker worker)
    {
        _workers[worker.Name] = worker;
        _stored[worker.Name] = worker.ToRow();
    }

    public FleetWorker? Find(string name) => _workers.GetValueOrDefault(name);

    /// <exception cref="SweepRefusedException">There is no such worker; the message offers the nearest name.</exception>
    public FleetWorker Require(string name) => Find(name) ?? throw new SweepRefusedException(
        _workers.Count == 0
            ? $"there is no worker '{name}': none has joined yet"
            : $"there is no worker '{name}': {NearestName.Suggest(name, _workers.Keys)}");

    /// <summary>Whether a worker beside this one takes trials.</summary>
    public bool HasOthers(string name) => _workers.Values.Any(worker => worker.Name != name && worker.State == WorkerState.Ready);

    /// <summary>An exchange has come in.</summary>
    /// <returns>Whether this start of the worker is new here.</returns>
    public bool Hear(ExchangeRequest request, TimeSpan now, DateTimeOffset wall)
    {
        var holder = request.Holder;
        var before = Find(holder.Worker);
        var joins = before?.Incarnation != holder.Incarnation;
        _workers[holder.Worker] = new FleetWorker
        {
            Name = holder.Worker,
            Incarnation = holder.Incarnation,
            Device = holder.Device,
            Slots = request.Slots,
            Offer = request.Offer,
            Running = request.Running,
            Gaps = request.Gaps ?? (joins ? null : before?.Gaps),
            Memory = request.Memory ?? (joins ? null : before?.Memory),
            Gpu = request.Gpu,
            Health = request.Health,
            Started = joins ? wall : before!.Started,
            Seen = wall,
            Heard = now,
            IsHeard = true,
            Drain = before?.Drain,
            IsEnding = request.Draining && before?.Drain is null,
            Trouble = request.Trouble,
            HasLeft = request.Leaving,
        };
        return joins || !before!.IsHeard;
    }

    /// <summary>Its process is known to have ended without a word.</summary>
    public void Crash(string incarnation)
    {
        foreach (var worker in _workers.Values.Where(worker => worker.Incarnation == incarnation && worker.IsThere).ToList())
        {
            _workers[worker.Name] = worker with { Loss = "its process ended without a word", Running = [] };
        }
    }

    /// <summary>Who has been silent for too long is lost.</summary>
    public void Check(TimeSpan now)
    {
        foreach (var worker in _workers.Values.Where(worker => worker.IsThere && now - worker.Heard > lostAfter).ToList())
        {
            _workers[worker.Name] = worker with { Loss = $"nothing was heard of it for {lostAfter.TotalSeconds:0} s", Running = [] };
        }
    }

    /// <summary>The head itself was frozen: nobody is late.</summary>
    public void Forgive(TimeSpan now)
    {
        foreach (var worker in _workers.Values.Where(worker => worker.IsThere).ToList())
        {
            _workers[worker.Name] = worker with { Heard = now };
        }
    }

    /// <summary>Sets or takes back somebody's order to drain.</summary>
    /// <exception cref="SweepRefusedException">There is no such worker.</exception>
    public FleetWorker Drain(string name, SweepAction? order) => _workers[name] = Require(name) with { Drain = order, IsEnding = false };

    /// <summary>The worker's row where it differs from what is stored, else null; <see cref="Stored"/> tells that it is.</summary>
    public WorkerSeen? Unstored(string name)
    {
        var row = _workers[name].ToRow();
        return !_stored.TryGetValue(name, out var known) || IsNews(known, row) ? row : null;
    }

    public void Stored(WorkerSeen row) => _stored[row.Name] = row;

    public void NotStored(string name) => _stored.Remove(name);

    private static bool IsNews(WorkerSeen known, WorkerSeen row) =>
        row.Time - known.Time >= SeenEvery
        || !row.Tags.SequenceEqual(known.Tags)
        || row with { Time = known.Time, Tags = known.Tags } != known;
}
