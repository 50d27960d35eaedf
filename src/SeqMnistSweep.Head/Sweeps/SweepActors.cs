using System.Collections.Concurrent;
using SeqMnistSweep.Results;

namespace SeqMnistSweep.Head.Sweeps;

/// <summary>The sweeps of this head. Each has turns of its own (<see cref="Turns"/>), so that what one sweep computes, reads or waits for
/// does not hold up another; they meet in the database's one writer, where their commits are shared. A sweep is read from the database at
/// its first call, and again after an error: where nothing can be stored as often as it takes, where nothing can be decided a few times, and
/// then it fails. Any thread may call.</summary>
/// <param name="scheduler">Makes the turns of a sweep; null for the thread pool.</param>
internal sealed class SweepActors(ISweepStorage storage, LeaseClock leases, TimeProvider time, Func<TaskScheduler>? scheduler = null)
{
    /// <summary>Decisions that fail without a new trial in between before the sweep fails.</summary>
    public const int MaxFailedDecisions = 3;

    private const int MaxLooks = 5;

    private readonly ConcurrentDictionary<SweepId, Entry> _entries = new();

    /// <summary>Calls the sweep in its turn.</summary>
    /// <exception cref="SweepRefusedException">There is no such sweep, or its stored file is no longer valid.</exception>
    public Task<T> Run<T>(SweepId sweep, Func<SweepActor, Task<T>> call)
    {
        var entry = EntryOf(sweep);
        return entry.Turns.Run(() => call(entry.Actor ??= Load(sweep, entry)));
    }

    /// <summary>Calls the sweep to look at it. Where a change that the look waits for cannot be stored, it has not happened: the sweep, as
    /// the disk has it, is asked again.</summary>
    public async Task<T> Look<T>(SweepId sweep, Func<SweepActor, Task<T>> call)
    {
        for (var looks = 1; ; looks++)
        {
            try
            {
                return await Run(sweep, call);
            }
            catch (Exception error) when (looks < MaxLooks && (error as DatabaseException ?? error.InnerException) is DatabaseException)
            {
            }
        }
    }

    /// <summary>What a user asks for.</summary>
    /// <param name="changed">Hears how the sweep stands then, also after an error: what the disk says that it failed to store may be stored
    /// all the same.</param>
    public async Task<T> Act<T>(SweepId sweep, Func<SweepSchedule, DateTimeOffset, T> act, Func<SweepRecord, Task> changed)
    {
        try
        {
            return await Run(sweep, actor => actor.Act(act));
        }
        finally
        {
            await changed(await Run(sweep, actor => Task.FromResult(actor.Schedule.Sweep)));
        }
    }

    /// <summary>How the sweep stands, as of the last change that is durable; null before its first call and after an error.</summary>
    public SweepSnapshot? Now(SweepId sweep) => _entries.GetValueOrDefault(sweep)?.Actor?.Snapshot;

    /// <summary>Ends what is in memory of a sweep that is gone.</summary>
    /// <param name="remove">Called in the sweep's turn; says whether it is gone.</param>
    public Task<bool> RemoveAsync(SweepId sweep, Func<Task<bool>> remove)
    {
        var entry = EntryOf(sweep);
        return entry.Turns.Run(async () =>
        {
            var gone = await remove();
            if (gone || entry.Actor is null)
            {
                (entry.Actor, entry.Definition) = (null, null);
                _entries.TryRemove(sweep, out _);
            }

            return gone;
        });
    }

    /// <summary>Remembers what a sweep's text says, so that it is not parsed again.</summary>
    public void Keep(SweepId sweep, SweepDefinition definition) => EntryOf(sweep).Definition = definition;

    /// <summary>A simulation has one thread.</summary>
    private Task<Action> Compute(Func<Action> search) => scheduler is null ? Task.Run(search) : Task.FromResult(search());

    private Entry EntryOf(SweepId sweep) => _entries.GetOrAdd(sweep, _ => new Entry(new Turns(scheduler?.Invoke())));

    private SweepActor Load(SweepId sweep, Entry entry)
    {
        try
        {
            var schedule = storage.Load(sweep, entry.Definition);
            if (entry.Failed is { Count: >= MaxFailedDecisions } failed)
            {
                schedule.Fail(failed.Cause, failed.Reason, time.GetUtcNow());
            }

            return new SweepActor(schedule, storage, leases, time, (error, cause) =>
            {
                entry.Actor = null;
                if (cause is { } what)
                {
                    entry.Note(what, error.Message, schedule.Trials.Count);
                }

                storage.Failed(sweep, error);
            }, Compute);
        }
        catch (SweepRefusedException)
        {
            _entries.TryRemove(sweep, out _);
            throw;
        }
    }

    /// <param name="Count">In a row, with as many trials each time.</param>
    private sealed record FailedDecisions(int Count, int Trials, SweepCause Cause, string Reason);

    private sealed class Entry(Turns turns)
    {
        private volatile SweepActor? _actor;

        /// <summary>Written in the sweep's turn.</summary>
        public FailedDecisions? Failed { get; private set; }

        public Turns Turns => turns;

        /// <summary>Written in the sweep's turn.</summary>
        public SweepActor? Actor
        {
            get => _actor;
            set => _actor = value;
        }

        public SweepDefinition? Definition { get; set; }

        public void Note(SweepCause cause, string reason, int trials) =>
            Failed = new FailedDecisions(Failed?.Trials == trials ? Failed.Count + 1 : 1, trials, cause, reason);
    }
}
