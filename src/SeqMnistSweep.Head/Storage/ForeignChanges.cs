using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Reading;

namespace SeqMnistSweep.Head.Storage;

/// <summary>Tells a <see cref="ChangeFeed"/> of what another process commits to a database: looks at its files once a second, and where they
/// have changed, which sweeps may have.</summary>
internal sealed class ForeignChanges : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ResultReader _reader;
    private readonly ChangeFeed _changes;
    private readonly ITimer _timer;
    private (long, DateTime, long, DateTime) _seen;
    private long _lastEvent;
    private IReadOnlyList<SweepId> _unfinished;

    public ForeignChanges(ResultReader reader, ChangeFeed changes, TimeProvider time)
    {
        (_reader, _changes) = (reader, changes);
        _seen = Files();
        (_lastEvent, _unfinished) = (reader.LastEvent(), reader.UnfinishedSweeps());
        _timer = time.CreateTimer(_ => Look(), null, Every, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            var now = Files();
            if (now != _seen)
            {
                Read();
                _seen = now;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DatabaseException or DatabaseMissingException)
        {
            // The next look tries again.
        }

        _timer.Change(Every, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A sweep that has ended changes only with an event.</summary>
    private void Read()
    {
        var events = _reader.EventsAfter(_lastEvent, int.MaxValue);
        var unfinished = _reader.UnfinishedSweeps();
        foreach (var sweep in events.Select(happened => SweepId.Parse(happened.Sweep)).Union(unfinished).Union(_unfinished).ToList())
        {
            _changes.Note(sweep, []);
        }

        _changes.NoteFleet();
        (_lastEvent, _unfinished) = (events is [.., var last] ? last.Event : _lastEvent, unfinished);
    }

    private (long, DateTime, long, DateTime) Files()
    {
        var (file, log) = (new FileInfo(_reader.Path), new FileInfo(_reader.Path + "-wal"));
        return log.Exists
            ? (file.Length, file.LastWriteTimeUtc, log.Length, log.LastWriteTimeUtc)
            : (file.Length, file.LastWriteTimeUtc, 0, default);
    }
}
