using System.Collections.Concurrent;
using System.Diagnostics;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>
/// The life of a runner process: waits for a trial, runs it on the main thread, says how it ended, waits for the next. Ends when its
/// input ends, in the middle of a trial too: a runner without its worker has nobody to report to.
/// </summary>
public sealed class RunnerLoop(TextReader input, TextWriter output, Func<string, ITrainable> trainableOf)
{
    private readonly BlockingCollection<RunnerCommand.Start> _trials = [];
    private readonly object _outputGate = new();
    private volatile RunnerSession? _session;
    private int _outstanding;

    public void Run()
    {
        var reader = new Thread(Read) { IsBackground = true, Name = "runner input" };
        reader.Start();
        Send(new RunnerMessage.Ready());
        foreach (var start in _trials.GetConsumingEnumerable())
        {
            var end = RunTrial(start);
            Interlocked.Decrement(ref _outstanding);
            Send(end);
        }
    }

    private RunnerMessage RunTrial(RunnerCommand.Start start)
    {
        var session = _session!;
        Send(new RunnerMessage.Started());
        try
        {
            return trainableOf(start.Program).Run(AssignmentOf(start), session) switch
            {
                TrialResult.Completed(var loss, var accuracy) => new RunnerMessage.Done(loss, accuracy),
                TrialResult.Stopped => new RunnerMessage.Stopped(),
                TrialResult.Released(var checkpoint) => Release(checkpoint),
                TrialResult.Failed(var cause, var message) => new RunnerMessage.Failed(cause, message),
                var other => throw new InvalidOperationException($"unknown result {other.GetType().Name}"),
            };
        }
        catch (Exception error) when (error is OutOfMemoryException)
        {
            return new RunnerMessage.Failed(Trials.FailureCause.OutOfMemory, error.Message);
        }
        // Whatever a trainable throws costs its attempt, not the worker.
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            return new RunnerMessage.Failed(Trials.FailureCause.Crashed, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private RunnerMessage.Released Release(Trials.CheckpointFile? checkpoint)
    {
        if (checkpoint is not null)
        {
            Send(new RunnerMessage.Checkpointed(checkpoint));
        }

        return new RunnerMessage.Released();
    }

    private void Read()
    {
        while (input.ReadLine() is { } line)
        {
            if (!RunnerLine.TryRead<RunnerCommand>(line, out var command))
            {
                Console.Error.WriteLine($"not a command: {line}");
                continue;
            }

            switch (command)
            {
                case RunnerCommand.Start start:
                    Interlocked.Increment(ref _outstanding);
                    _session = new RunnerSession(start.Rungs, Send);
                    _trials.Add(start);
                    break;
                case RunnerCommand.Decide verdict:
                    _session?.Decide(verdict);
                    break;
                case RunnerCommand.Drain:
                    _session?.Request(TrialRequest.Drain);
                    break;
                case RunnerCommand.Stop:
                    _session?.Request(TrialRequest.Stop);
                    break;
            }
        }

        _trials.CompleteAdding();
        if (Volatile.Read(ref _outstanding) > 0)
        {
            // The training thread may be deep in native code for minutes; nothing it could still do counts.
            Process.GetCurrentProcess().Kill();
        }
    }

    private void Send(RunnerMessage message)
    {
        var line = RunnerLine.Write(message);
        lock (_outputGate)
        {
            output.Write(line);
            output.Write('\n');
            output.Flush();
        }
    }

    private static TrialAssignment AssignmentOf(RunnerCommand.Start start) => new()
    {
        Trial = start.Trial,
        Attempt = start.Attempt,
        Program = start.Program,
        Parameters = start.Parameters,
        Seed = start.Seed,
        Metric = start.Metric,
        Maximize = start.Maximize,
        CheckpointFolder = start.CheckpointFolder,
        CheckpointEvery = start.CheckpointEvery,
        Resume = start.Resume,
        DataFolder = start.DataFolder,
        DatasetDigests = start.DatasetDigests,
        Threads = start.Threads,
        Device = start.Device,
    };
}
