using System.Collections.Immutable;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>The trial's end of its conversation with the worker: words go out by <paramref name="send"/>, verdicts and requests come in from another thread.</summary>
internal sealed class RunnerSession(ImmutableArray<int> rungs, Action<RunnerMessage> send) : ITrialSession
{
    private readonly HashSet<int> _rungs = [.. rungs];
    private readonly object _gate = new();
    private RunnerCommand.Decide? _verdict;
    private volatile TrialRequest _requested;

    public TrialRequest Requested => _requested;

    public void Describe(ImmutableSortedDictionary<string, string> facts) => send(new RunnerMessage.Described(facts));

    public void Progress(TrialProgress progress) => send(new RunnerMessage.Progressed(progress));

    public Verdict Report(EpochReport report, CheckpointFile? checkpoint)
    {
        send(new RunnerMessage.Reported(report.Epoch, report.Metrics, checkpoint));
        if (!_rungs.Contains(report.Epoch))
        {
            return Verdict.Continue;
        }

        lock (_gate)
        {
            while (_verdict?.Epoch != report.Epoch)
            {
                // A trial that is told to end while it waits need not hear the verdict.
                if (_requested != TrialRequest.None)
                {
                    return Verdict.Continue;
                }

                Monitor.Wait(_gate);
            }

            return _verdict.Verdict;
        }
    }

    public void Wait(TimeSpan time)
    {
        lock (_gate)
        {
            if (_requested == TrialRequest.None && time > TimeSpan.Zero)
            {
                // Whole milliseconds, upwards: a rest of less would be waited for in a loop.
                Monitor.Wait(_gate, TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(time.TotalMilliseconds, int.MaxValue))));
            }
        }
    }

    public void Decide(RunnerCommand.Decide verdict)
    {
        lock (_gate)
        {
            // One that is told again must not hide its successor.
            _verdict = _verdict is { } latest && latest.Epoch > verdict.Epoch ? latest : verdict;
            Monitor.PulseAll(_gate);
        }
    }

    public void Request(TrialRequest request)
    {
        lock (_gate)
        {
            // A stop outweighs a drain, whichever came first.
            if (_requested != TrialRequest.Stop)
            {
                _requested = request;
            }

            Monitor.PulseAll(_gate);
        }
    }
}
