using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Training;

/// <summary>Tells the session how far the trial is, about four times a second.</summary>
internal sealed class ProgressMeter(ITrialSession session, TimeProvider time, int epochs, int batches)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Marks of the last three seconds or so: when, and how many batches were done.</summary>
    private readonly Queue<(long Time, long Batches)> _marks = new();
    private long _done;
    private long _last;
    private double _evaluation;

    /// <summary>Starts the clock; called before the first batch and after each pause that is not training.</summary>
    public void Start()
    {
        _marks.Clear();
        _last = time.GetTimestamp();
        _marks.Enqueue((_last, _done));
    }

    /// <summary>How long the evaluation of an epoch takes; counts for the time left.</summary>
    public void Evaluated(TimeSpan took) => _evaluation = took.TotalSeconds;

    /// <param name="batch">Batches done of the epoch.</param>
    public void Batch(int epoch, int batch, double loss)
    {
        _done++;
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_last, now) < Interval) return;

        _last = now;
        _marks.Enqueue((now, _done));
        if (_marks.Count > 12)
        {
            _marks.Dequeue();
        }

        var (since, before) = _marks.Peek();
        var rate = (_done - before) / time.GetElapsedTime(since, now).TotalSeconds;
        var left = ((epochs - epoch) * (long)batches) + batches - batch;
        session.Progress(
            new TrialProgress(epoch, epochs, batch, batches, loss, rate, (left / rate) + ((epochs - epoch + 1) * _evaluation)));
    }
}
