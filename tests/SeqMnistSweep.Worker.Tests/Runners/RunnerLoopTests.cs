using System.Collections.Concurrent;
using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Tests.Runners;

/// <summary>A runner driven through its two streams, in memory.</summary>
public sealed class RunnerLoopTests : IDisposable
{
    private readonly Pipe _input = new();
    private readonly Lines _output = new();
    private readonly Scripted _trainable = new();
    private readonly Thread _runner;

    public RunnerLoopTests()
    {
        var loop = new RunnerLoop(_input, _output, _ => _trainable);
        _runner = new Thread(loop.Run) { IsBackground = true };
        _runner.Start();
        Assert.Equal(RunnerLine.Ready, NextLine());
    }

    [Fact]
    public void A_trial_is_started_reported_and_done_and_the_runner_takes_the_next()
    {
        for (var trial = 1; trial <= 2; trial++)
        {
            _trainable.Play = session =>
            {
                Assert.Equal(Verdict.Continue, session.Report(Epoch(1), new CheckpointFile(1, 0, "ab", 3)));
                return new TrialResult.Completed(0.5, 0.9);
            };
            Send(new RunnerCommand.Start(Assignment(trial)));
            Assert.IsType<AttemptEvent.Started>(Next());
            Assert.Equal("ab", Assert.IsType<AttemptEvent.Reported>(Next()).Checkpoint!.Digest);
            Assert.Equal(0.9, Assert.IsType<AttemptEvent.Completed>(Next()).TestAccuracy);
        }
    }

    [Fact]
    public void At_a_rung_it_waits_for_the_verdict_on_that_epoch()
    {
        _trainable.Play = session => session.Report(Epoch(2), null) == Verdict.Stop ? new TrialResult.Stopped() : new TrialResult.Completed(null, null);
        Send(new RunnerCommand.Start(Assignment(1) with { Rungs = [2] }));
        Assert.IsType<AttemptEvent.Started>(Next());
        Assert.IsType<AttemptEvent.Reported>(Next());
        Send(new RunnerCommand.Decide(1, Verdict.Continue));
        Send(new RunnerCommand.Decide(2, Verdict.Stop));
        Assert.IsType<AttemptEvent.Stopped>(Next());
    }

    [Fact]
    public void A_drain_reaches_a_trial_that_waits_at_a_rung()
    {
        _trainable.Play = session =>
        {
            session.Report(Epoch(2), null);
            Assert.Equal(TrialRequest.Drain, session.Requested);
            return new TrialResult.Released(new CheckpointFile(2, 5, "cd", 3));
        };
        Send(new RunnerCommand.Start(Assignment(1) with { Rungs = [2] }));
        Assert.IsType<AttemptEvent.Started>(Next());
        Assert.IsType<AttemptEvent.Reported>(Next());
        Send(new RunnerCommand.Drain());
        Assert.Equal(5, Assert.IsType<AttemptEvent.Checkpointed>(Next()).Checkpoint.Batch);
        Assert.IsType<AttemptEvent.Released>(Next());
    }

    [Fact]
    public void An_exception_of_the_trainable_is_a_crash_and_not_the_end()
    {
        _trainable.Play = _ => throw new InvalidOperationException("no such layer");
        Send(new RunnerCommand.Start(Assignment(1)));
        Assert.IsType<AttemptEvent.Started>(Next());
        var failed = Assert.IsType<AttemptEvent.Failed>(Next());
        Assert.Equal(FailureCause.Crashed, failed.Cause);
        Assert.Contains("no such layer", failed.Message, StringComparison.Ordinal);

        _trainable.Play = _ => throw new OutOfMemoryException("no room");
        Send(new RunnerCommand.Start(Assignment(2)));
        Assert.IsType<AttemptEvent.Started>(Next());
        Assert.Equal(FailureCause.OutOfMemory, Assert.IsType<AttemptEvent.Failed>(Next()).Cause);
    }

    [Fact]
    public void An_idle_runner_ends_when_its_input_ends()
    {
        _input.Close();
        Assert.True(_runner.Join(TimeSpan.FromSeconds(30)), "the runner did not end");
    }

    [Fact]
    public void A_line_that_is_no_command_is_passed_over()
    {
        _input.Lines.Add("what?");
        _trainable.Play = _ => new TrialResult.Completed(null, null);
        Send(new RunnerCommand.Start(Assignment(1)));
        Assert.IsType<AttemptEvent.Started>(Next());
        Assert.IsType<AttemptEvent.Completed>(Next());
    }

    public void Dispose()
    {
        _input.Close();
        _runner.Join(TimeSpan.FromSeconds(30));
    }

    private void Send(RunnerCommand command) => _input.Lines.Add(RunnerLine.Write(command));

    private string NextLine()
    {
        Assert.True(_output.Written.TryTake(out var line, TimeSpan.FromSeconds(30)), "the runner said nothing for 30 s");
        return line!;
    }

    private AttemptEvent Next()
    {
        var line = NextLine();
        Assert.True(RunnerLine.TryRead<AttemptEvent>(line, out var message), line);
        return message!;
    }

    private static EpochReport Epoch(int epoch) => new(epoch, ImmutableSortedDictionary<string, double>.Empty.Add("score", epoch));

    private static TrialAssignment Assignment(int trial) => new()
    {
        Trial = new TrialId(SweepId.Parse("rig-0000"), trial),
        Attempt = 1,
        Lease = 1,
        Program = "scripted",
        Parameters = ParameterSet.Empty,
        Seed = 1,
        Metric = "score",
        Maximize = true,
        CheckpointFolder = "/nowhere",
    };

    private sealed class Scripted : ITrainable
    {
        public Func<ITrialSession, TrialResult> Play { get; set; } = _ => new TrialResult.Completed(null, null);

        public TrialResult Run(TrialAssignment assignment, ITrialSession session) => Play(session);
    }

    private sealed class Pipe : TextReader
    {
        public BlockingCollection<string> Lines { get; } = [];

        public override void Close()
        {
            if (!Lines.IsAddingCompleted)
            {
                Lines.CompleteAdding();
            }
        }

        public override string? ReadLine() => Lines.TryTake(out var line, Timeout.Infinite) ? line : null;
    }

    private sealed class Lines : StringWriter
    {
        public BlockingCollection<string> Written { get; } = [];

        public override void Flush()
        {
            Written.Add(ToString().TrimEnd('\n'));
            GetStringBuilder().Clear();
        }
    }
}
