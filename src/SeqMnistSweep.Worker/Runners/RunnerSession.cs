using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>The trial's end of its conversation with the worker: words go out by <paramref name="send"/>, verdicts and requests come in
/// from another thread.</summary>
internal sealed class RunnerSession(ImmutableArray<int> rungs, Action<AttemptEvent> send) : ITrialSession
{
    private readonly HashSet<int> _rungs = [.. rungs];
    private readonly object _gate = new();
    private RunnerCommand.Decide? _verdict;
    private volatile TrialRequest _requested;

    public TrialRequest Requested => _requested;

    /// <summary>Runs the trial to its end on the calling thread; never throws.</summary>
    /// <param name="log">Gets what the trainable throws.</param>
    /// <returns>The attempt's last event, which was not sent.</returns>
    public AttemptEvent Run(ITrainable trainable, TrialAssignment assignment, TextWriter log)
    {
        send(new AttemptEvent.Started(assignment.Device));
        try
        {
            return EventOf(trainable.Run(assignment, this));
        }
        catch (OutOfMemoryException error)
        {
            return new AttemptEvent.Failed(FailureCause.OutOfMemory, error.Message);
        }
        // Whatever a trainable throws costs its attempt, not the process.
        catch (Exception error)
        {
            log.WriteLine(error);
            return new AttemptEvent.Failed(FailureCause.Crashed, $"{error.GetType().Name}: {error.Message}");
        }
    }

    public void Describe(ImmutableSortedDictionary<string, string> facts) => send(new AttemptEvent.Described(facts));

    public void Progress(TrialProgress progress) => send(new AttemptEvent.Progressed(progress));

    public Verdict Report(EpochReport report, CheckpointFile? checkpoint)
    {
        send(new AttemptEvent.Reported(report, checkpoint));
        if (!_rungs.Contains(report.Epoch)) return Verdict.Continue;

        lock (_gate)
        {
            while (_verdict?.Epoch != report.Epoch)
            {
                // A trial that is told to end while it waits need not hear the verdict.
                if (_requested != TrialRequest.None) return Verdict.Continue;

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

    /// <summary>A word of the worker; it may come from any thread.</summary>
    public void Take(RunnerCommand command)
    {
        lock (_gate)
        {
            switch (command)
            {
                // One that is sent again must not hide its successor.
                case RunnerCommand.Decide verdict when !(_verdict?.Epoch > verdict.Epoch):
                    _verdict = verdict;
                    break;

                // A stop outweighs a drain, whichever came first.
                case RunnerCommand.Drain when _requested != TrialRequest.Stop:
                    _requested = TrialRequest.Drain;
                    break;
                case RunnerCommand.Stop:
                    _requested = TrialRequest.Stop;
                    break;
            }

            Monitor.PulseAll(_gate);
        }
    }

    private AttemptEvent EventOf(TrialResult result)
    {
        if (result is TrialResult.Released { Checkpoint: { } checkpoint })
        {
            send(new AttemptEvent.Checkpointed(checkpoint));
        }

        return result switch
        {
            TrialResult.Completed(var loss, var accuracy) => new AttemptEvent.Completed(loss, accuracy),
            TrialResult.Failed(var cause, var message) => new AttemptEvent.Failed(cause, message),
            TrialResult.Released => new AttemptEvent.Released("drained"),
            _ => new AttemptEvent.Stopped(),
        };
    }
}
