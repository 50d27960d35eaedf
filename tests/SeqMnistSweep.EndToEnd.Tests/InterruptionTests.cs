using System.Diagnostics;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Results;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What a kill costs: nothing but time. Every epoch is there once, and the last checkpoints are those of a run that nobody disturbed.</summary>
public sealed class InterruptionTests
{
    private const string Sweep = """
        name: kills
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 4}
          levels: {value: 6}
          kernel_size: {value: 3}
          hidden: {value: 30}
          batch_size: {value: 32}
          train_limit: {value: 12000}
          eval_limit: {value: 500}
          shuffle: {value: true}
          epochs: {value: 6}
          lr: {values: [0.002, 0.01]}
        """;

    private static readonly Lazy<Task<string>> Undisturbed = new(async () =>
    {
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", Sweep);
        (await sweep.RunAsync("run", "kills.yaml")).Expect(0);
        return Outcome(sweep);
    });

    [Fact]
    public async Task Kill_9_of_a_runner_costs_its_attempt_only()
    {
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", Sweep);
        await using var run = sweep.Start("run", "kills.yaml");
        var random = new SplitMix64(1);
        var (killed, epochs) = (0, -1);
        while (killed < 5 && !run.HasExited)
        {
            // Who is killed again and again without a new epoch fails in the end.
            await Task.Delay(TimeSpan.FromMilliseconds(50 + (random.Next() % 400)));
            var runners = run.Runners();
            if (runners.Count > 0 && Training(sweep) && sweep.OnlySweep().Trials.Sum(trial => trial.Epoch) is var done && done > epochs)
            {
                RunningProgram.SignalTo(runners[(int)(random.Next() % (ulong)runners.Count)], "KILL");
                (killed, epochs) = (killed + 1, done);
            }
        }

        (await run.EndAsync()).WithoutStackTrace().Expect(0);
        Assert.Equal(5, killed);
        Assert.Equal(await Undisturbed.Value, Outcome(sweep));
    }

    [Fact]
    public async Task Kill_9_of_everything_costs_what_was_done_since_the_last_epoch()
    {
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", Sweep);
        var random = new SplitMix64(2);
        for (var kill = 0; kill < 10; kill++)
        {
            await using var run = sweep.Start("run", "kills.yaml");
            var moment = TimeSpan.FromMilliseconds(random.Next() % 3000);
            await run.UntilAsync(() => run.HasExited || Training(sweep), "training");
            await Task.Delay(moment);
            run.Signal("KILL");
            await run.EndAsync();
        }

        (await sweep.RunAsync("run", "kills.yaml")).WithoutStackTrace().Expect(0);
        Assert.Equal(await Undisturbed.Value, Outcome(sweep));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task An_interrupted_run_says_how_to_go_on_and_does(string signal, int code)
    {
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", Sweep);
        await using (var run = sweep.Start("run", "kills.yaml"))
        {
            await run.UntilAsync(() => Training(sweep), "training");
            await Task.Delay(700);
            run.Signal(signal);
            var ended = (await run.EndAsync()).WithoutStackTrace().Expect(code);
            Assert.Contains("seqsweep run kills.yaml", ended.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(sweep.OnlySweep().Trials, trial => trial.State.IsActive());
        }

        (await sweep.RunAsync("run", "kills.yaml")).WithoutStackTrace().Expect(0);
        Assert.Equal(await Undisturbed.Value, Outcome(sweep));
    }

    [Fact]
    public async Task A_runner_that_dies_by_its_own_fault_is_tried_again_and_the_reason_is_told()
    {
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", Sweep);
        await using var run = sweep.Start("run", "kills.yaml");
        await run.UntilAsync(() => run.Runners().Count > 0 && Training(sweep), "training");

        // As a native abort would; the signals of a real one, sent from outside, do not end a .NET process.
        RunningProgram.SignalTo(run.Runners()[0], "SYS");
        (await run.EndAsync()).WithoutStackTrace().Expect(0);

        var loaded = sweep.OnlySweep();
        Assert.Contains(loaded.Trials, trial => trial.Failures == 1);
        Assert.Contains(sweep.Reader.Events(loaded.Sweep.Id), e => e.Reason.Contains("SIGSYS", StringComparison.Ordinal) && e.ToState == "queued");
        Assert.Equal(await Undisturbed.Value, Outcome(sweep));
    }

    [Fact]
    public async Task A_damaged_checkpoint_costs_an_epoch_and_is_told_of()
    {
        // Long enough for a busy machine to kill it before its end.
        var file = Sweep.Replace("epochs: {value: 6}", "epochs: {value: 10}", StringComparison.Ordinal);
        using var undisturbed = new SeqSweep();
        undisturbed.Write("kills.yaml", file);
        (await undisturbed.RunAsync("run", "kills.yaml")).Expect(0);
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", file);
        await using (var run = sweep.Start("run", "kills.yaml"))
        {
            await run.UntilAsync(() => Training(sweep) && sweep.OnlySweep().Trials.Any(trial => trial.Epoch >= 2 && trial.State.IsActive()), "two epochs");
            run.Signal("KILL");
            await run.EndAsync();
        }

        var loaded = sweep.OnlySweep();
        var damaged = loaded.Trials.First(trial => trial.Epoch >= 2 && !trial.State.IsFinal());
        var path = Path.Combine(sweep.Folder, ".seqsweep", "checkpoints", loaded.Sweep.Id.Value, $"{damaged.Number}", damaged.Checkpoint!.FileName);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        (await sweep.RunAsync("run", "kills.yaml")).WithoutStackTrace().Expect(0);
        Assert.Contains(sweep.Reader.Events(loaded.Sweep.Id), e => e.Kind == "checkpoint_lost" && e.Reason.Contains("is damaged", StringComparison.Ordinal));
        Assert.Empty(SweepOutcome.Flaws(sweep.OnlySweep()));
        Assert.Empty(SweepOutcome.Differences(undisturbed.OnlySweep(), sweep.OnlySweep()));
    }

    [Fact]
    public async Task No_runner_outlives_its_worker()
    {
        using var sweep = new SeqSweep();
        sweep.Write("kills.yaml", Sweep);
        await using var run = sweep.Start("run", "kills.yaml");
        await run.UntilAsync(() => run.Runners().Count > 0 && Training(sweep), "training");
        var runners = run.Runners();
        run.Signal("KILL");
        await run.EndAsync();
        await run.UntilAsync(() => runners.All(pid => !Directory.Exists($"/proc/{pid}")), "the end of the runners");
    }

    private static bool Training(SeqSweep sweep)
    {
        try
        {
            return File.Exists(sweep.Database) && sweep.Reader.Sweeps() is [var row] && row.Running > 0;
        }
        catch (DatabaseException)
        {
            return false;
        }
    }

    /// <summary>Everything that must not depend on what happened on the way: each report of each trial once and in order, and the digests of the last checkpoints.</summary>
    private static string Outcome(SeqSweep sweep)
    {
        var loaded = sweep.OnlySweep();
        Assert.Equal(SweepState.Completed, loaded.Sweep.State);
        Assert.DoesNotContain(sweep.Reader.Events(loaded.Sweep.Id), e => e.Kind == "report_mismatch");
        foreach (var trial in loaded.Trials)
        {
            Assert.Equal(TrialState.Completed, trial.State);
            Assert.Equal([1, 2, 3, 4, 5, 6], loaded.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report.Epoch));
            Assert.True(File.Exists(Path.Combine(sweep.Folder, ".seqsweep", "checkpoints", loaded.Sweep.Id.Value, $"{trial.Number}", trial.Checkpoint!.FileName)));
        }

        return string.Join('\n', loaded.Trials.Select(trial => $"{trial.Number} {trial.Value:R} {trial.TestAccuracy:R} {trial.TestLoss:R} {trial.Checkpoint!.Digest}")
            .Concat(loaded.Reports.Select(report => $"{report.Trial} {report.Report.Epoch} {report.Report["train_loss"]:R} {report.Report["val_accuracy"]:R}")));
    }
}
