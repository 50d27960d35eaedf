using System.Collections.Concurrent;
using System.Diagnostics;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>The life of a runner process: waits for a trial, runs it on the main thread, says how it ended, waits for the next. Ends when
/// its input ends, in the middle of a trial too: a runner without its worker has nobody to report to.</summary>
public sealed class RunnerLoop(TextReader input, TextWriter output, Func<string, ITrainable> trainableOf)
{
    private readonly BlockingCollection<TrialAssignment> _trials = [];
    private readonly object _outputGate = new();
    private volatile RunnerSession? _session;
    private int _outstanding;

    public void Run()
    {
        new Thread(Read) { IsBackground = true, Name = "runner input" }.Start();
        Write(RunnerLine.Ready);
        foreach (var assignment in _trials.GetConsumingEnumerable())
        {
            var end = _session!.Run(trainableOf(assignment.Program), assignment, Console.Error);
            Interlocked.Decrement(ref _outstanding);
            Send(end);
        }
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

            if (command is RunnerCommand.Start(var assignment))
            {
                Interlocked.Increment(ref _outstanding);
                _session = new RunnerSession(assignment.Rungs, Send);
                _trials.Add(assignment);
            }
            else
            {
                _session?.Take(command!);
            }
        }

        _trials.CompleteAdding();
        if (Volatile.Read(ref _outstanding) > 0)
        {
            // The training thread may be deep in native code for minutes; nothing it could still do counts.
            Process.GetCurrentProcess().Kill();
        }
    }

    private void Send(AttemptEvent happened) => Write(RunnerLine.Write(happened));

    private void Write(string line)
    {
        lock (_outputGate)
        {
            output.Write(line);
            output.Write('\n');
            output.Flush();
        }
    }
}
