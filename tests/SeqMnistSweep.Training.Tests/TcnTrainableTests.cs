using System.Collections.Immutable;
using System.Text.Json;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests;

[Collection(TorchCollection.Name)]
public sealed class TcnTrainableTests : IDisposable
{
    private readonly TrialRun _trial = new();

    public void Dispose() => _trial.Dispose();

    [Fact]
    public void A_trial_learns_and_reports_every_epoch()
    {
        var (result, session) = _trial.Complete(_trial.Assignment("""{"epochs":20,"hidden":12}"""));
        Assert.Equal(Enumerable.Range(1, 20), session.Reports.Select(report => report.Epoch));
        Assert.All(session.Reports, report => Assert.Equal(
            ["epoch_seconds", "peak_memory", "samples_per_second", "train_accuracy", "train_loss", "val_accuracy", "val_loss"], report.Metrics.Keys));
        Assert.True(session.Reports[^1]["val_accuracy"] > 0.8, $"{session.Reports[^1].MetricsToJson()}");
        var completed = (TrialResult.Completed)result;
        Assert.True(completed.TestAccuracy > 0.8);
        Assert.True(double.IsFinite(completed.TestLoss!.Value));
    }

    [Fact]
    public void It_says_what_it_trains()
    {
        var (_, session) = _trial.Complete(_trial.Assignment());
        Assert.Equal("85", session.Facts!["receptive_field"]);
        Assert.Equal("cpu", session.Facts["device"]);
        Assert.Equal("1", session.Facts["threads"]);
        Assert.Equal(KernelWidth.Available[0].ToString(), session.Facts["kernels"]);
        Assert.Equal("digest-of-synthetic", session.Facts["dataset_digest"]);
        Assert.Superset(
            new SortedSet<string> { "parameters", "kernels", "dataset", "program_version", "commit" },
            new SortedSet<string>(session.Facts.Keys));
    }

    [Theory]
    [InlineData("""{"epochs":20,"hidden":12}""", "val_accuracy")]
    [InlineData("""{"epochs":20,"hidden":12,"holdout":0}""", "test_accuracy")]
    public void It_ends_with_what_it_makes_of_the_first_test_images(string parameters, string metric)
    {
        var (result, session) = _trial.Complete(_trial.Assignment(parameters) with { Metric = metric });
        var samples = SamplePrediction.Read(JsonSerializer.Serialize(session.Facts!));
        var test = _trial.Dataset.Test;
        Assert.Equal(test.Labels.Take(24).Select(label => (int)label), samples.Select(sample => sample.Label));
        Assert.All(samples, sample => Assert.InRange(sample.Probability, 0.1, 1));
        var right = samples.Count(sample => sample.Label == sample.Predicted);
        Assert.InRange(((TrialResult.Completed)result).TestAccuracy!.Value - ((double)right / samples.Count), -0.25, 0.25);
        Assert.Equal("85", session.Facts!["receptive_field"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_same_trial_ends_with_the_same_checkpoint_and_another_seed_with_another(int threads)
    {
        var first = _trial.Complete(_trial.Assignment() with { Threads = threads });
        var again = _trial.Complete(_trial.Assignment() with { Threads = threads, Attempt = 2 });
        var other = _trial.Complete(_trial.Assignment() with { Threads = threads, Seed = 2 });
        Assert.Equal(first.Session.Checkpoints, again.Session.Checkpoints);
        Assert.All(first.Session.Reports.Zip(again.Session.Reports), pair => Assert.True(pair.First.SaysTheSameAs(pair.Second)));
        Assert.Equal(first.Result, again.Result);
        Assert.NotEqual(first.Session.Checkpoints[^1], other.Session.Checkpoints[^1]);
    }

    // 110 training images make 7 batches and 40 of the holdout one evaluation batch: 8 polls an epoch.
    [Theory]
    [InlineData(2, "Adam")]
    [InlineData(5, "Adam")]
    [InlineData(8, "Adam")]
    [InlineData(9, "Adam")]
    [InlineData(12, "Adam")]
    [InlineData(24, "Adam")]
    [InlineData(25, "Adam")]
    [InlineData(12, "SGD")]
    [InlineData(12, "RMSprop")]
    [InlineData(12, "AdamW")]
    public void A_trial_drained_anywhere_ends_as_one_never_interrupted(int poll, string optimizer)
    {
        var assignment = _trial.Assignment($$"""{"optimizer":"{{optimizer}}","momentum":0.5,"lr":0.005,"input_dropout":0.1,"clip":1,"lr_schedule":"cosine"}""");
        var undisturbed = _trial.Complete(assignment);

        var drained = new ScriptedSession { OnPoll = at => at == poll ? TrialRequest.Drain : TrialRequest.None };
        var released = Assert.IsType<TrialResult.Released>(_trial.Run(assignment, drained));
        Assert.Equal(poll + 1, drained.Polls);
        var resumed = _trial.Complete(assignment with { Attempt = 2, Resume = released.Checkpoint });

        Assert.Equal(undisturbed.Result, resumed.Result);
        var reports = drained.Reports.Concat(resumed.Session.Reports).ToList();
        Assert.Equal(undisturbed.Session.Reports.Count, reports.Count);
        Assert.All(undisturbed.Session.Reports.Zip(reports), pair => Assert.True(pair.First.SaysTheSameAs(pair.Second)));
        Assert.Equal(undisturbed.Session.Checkpoints, drained.Checkpoints.Concat(resumed.Session.Checkpoints));
    }

    /// <summary>Every one goes through several attempts, each drained after a number of polls that the draw says.</summary>
    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    public void Twenty_random_interruptions_leave_no_trace(string precision)
    {
        var assignment = _trial.Assignment($$"""{"precision":"{{precision}}","input_dropout":0.1,"weight_decay":0.01}""");
        var undisturbed = _trial.Complete(assignment);
        var random = new Random(20);
        var interruptions = 0;
        while (interruptions < 20)
        {
            CheckpointFile? resume = null;
            var reports = new List<EpochReport>();
            while (true)
            {
                var poll = random.Next(1, 15);
                var session = new ScriptedSession { OnPoll = at => at == poll ? TrialRequest.Drain : TrialRequest.None };
                var result = _trial.Run(assignment with { Attempt = 2, Resume = resume }, session);
                reports.AddRange(session.Reports);
                if (result is TrialResult.Released released)
                {
                    interruptions++;
                    resume = released.Checkpoint;
                    continue;
                }

                Assert.Equal(undisturbed.Result, result);
                Assert.Equal(undisturbed.Session.Checkpoints[^1], session.Checkpoints.LastOrDefault() ?? resume);
                break;
            }

            Assert.All(undisturbed.Session.Reports.Zip(reports), pair => Assert.True(pair.First.SaysTheSameAs(pair.Second)));
            Assert.Equal(3, reports.Count);
        }
    }

    [Fact]
    public void Trials_beside_each_other_end_as_alone()
    {
        var assignments = new[] { """{"hidden":5}""", """{"optimizer":"SGD"}""", """{"batch_size":24}""" }.Select(_trial.Assignment).ToArray();
        var alone = assignments.Select(assignment => _trial.Complete(assignment).Session.Checkpoints[^1]).ToArray();
        var beside = new CheckpointFile?[assignments.Length];
        var threads = assignments.Select((assignment, i) => new Thread(() => beside[i] = _trial.Complete(assignment).Session.Checkpoints[^1])).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Equal(alone, beside);
    }

    [Fact]
    public void The_number_of_threads_does_not_show_in_results()
    {
        var assignment = _trial.Assignment("""{"batch_size":120}""");
        Assert.Equal(
            _trial.Complete(assignment).Session.Checkpoints,
            _trial.Complete(assignment with { Threads = 2 }).Session.Checkpoints);
    }

    [Fact]
    public void A_trial_drained_before_its_first_batch_has_no_checkpoint() =>
        Assert.Null(Assert.IsType<TrialResult.Released>(_trial.Run(_trial.Assignment(), new ScriptedSession { OnPoll = _ => TrialRequest.Drain })).Checkpoint);

    [Fact]
    public void A_trial_goes_on_from_each_of_its_checkpoints()
    {
        var undisturbed = _trial.Complete(_trial.Assignment());
        foreach (var checkpoint in undisturbed.Session.Checkpoints)
        {
            var resumed = _trial.Complete(_trial.Assignment() with { Resume = checkpoint });
            Assert.Equal(undisturbed.Result, resumed.Result);
            Assert.Equal(undisturbed.Session.Checkpoints.Skip(checkpoint!.Epoch), resumed.Session.Checkpoints);
        }
    }

    [Fact]
    public void Checkpoints_come_as_often_as_asked_and_at_the_end()
    {
        var (_, session) = _trial.Complete(_trial.Assignment("""{"epochs":5}""") with { CheckpointEvery = 2 });
        Assert.Equal([null, 2, null, 4, 5], session.Checkpoints.Select(checkpoint => checkpoint?.Epoch));
    }

    [Fact]
    public void Without_an_interval_only_the_last_epoch_has_a_checkpoint()
    {
        var (_, session) = _trial.Complete(_trial.Assignment() with { CheckpointEvery = 0 });
        Assert.Equal([null, null, 3], session.Checkpoints.Select(checkpoint => checkpoint?.Epoch));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_costs_itself_and_not_the_trial()
    {
        var (_, whole) = _trial.Complete(_trial.Assignment());
        var occupied = Path.Combine(_trial.Folder, "occupied");
        File.WriteAllText(occupied, "a file is in the way, as a full disk would be");
        var (_, without) = _trial.Complete(_trial.Assignment() with { CheckpointFolder = occupied });
        Assert.Equal([null, null, null], without.Checkpoints);
        Assert.Equal(whole.Reports.Select(report => report["val_loss"]), without.Reports.Select(report => report["val_loss"]));
    }

    [Fact]
    public void A_checkpoint_of_another_network_or_optimizer_is_refused()
    {
        var (_, session) = _trial.Complete(_trial.Assignment("""{"epochs":1}"""));
        foreach (var other in new[] { """{"hidden":5}""", """{"levels":2}""", """{"optimizer":"RMSprop"}""" })
        {
            var assignment = _trial.Assignment(other) with { Resume = session.Checkpoints[0] };
            Assert.Throws<CheckpointException>(() => _trial.Run(assignment, new ScriptedSession()));
        }
    }

    /// <summary>Written by <c>seqsweep run</c> of version 0.1 after one epoch on glyphs; 0.1 itself ended its second epoch with the loss below.</summary>
    [Fact]
    public void A_checkpoint_of_version_0_1_goes_on_where_that_would_have()
    {
        const string Digest = "1bb96a4abb95357d0f74630d7d85108e1835475531359381b7082329d31ab56f";
        var file = Path.Combine(AppContext.BaseDirectory, "Checkpoints", "checkpoint-0.1.safetensors");
        File.Copy(file, Path.Combine(_trial.Folder, $"{Digest}.safetensors"));
        var assignment = _trial.Assignment("""{"dataset":"glyphs","epochs":2,"train_limit":110,"eval_limit":40,"shuffle":false,"holdout":10000}""");
        var session = new ScriptedSession();
        var result = new TcnTrainable().Run(assignment with { Resume = new CheckpointFile(1, 0, Digest, new FileInfo(file).Length) }, session);
        Assert.IsType<TrialResult.Completed>(result);
        Assert.Equal(2, Assert.Single(session.Reports).Epoch);
        Assert.Equal(2.287379632908886, session.Reports[0]["train_loss"]!.Value, 1e-6);
        Assert.Equal(2.3155341081390675, session.Reports[0]["val_loss"]!.Value, 1e-6);
    }

    [Fact]
    public void A_copy_with_other_parameters_goes_on_from_the_weights_and_has_a_best_epoch_of_its_own()
    {
        // With this metric the first epoch is the best: minimised, the accuracy of a network that learns.
        var (_, model) = _trial.Complete(_trial.Assignment("""{"epochs":1}""") with { Metric = "train_accuracy", Maximize = false });
        var (_, copy) = _trial.Complete(_trial.Assignment("""{"dropout":0.0}""") with { Metric = "train_accuracy", Maximize = false, Resume = model.Checkpoints[0] });
        Assert.Equal([2, 3], copy.Reports.Select(report => report.Epoch));
        Assert.True(copy.Reports[0]["train_loss"] < model.Reports[0]["train_loss"]);
        Assert.Equal(copy.Reports.MinBy(report => report["train_accuracy"])!.Epoch, CheckpointFolder.Read(_trial.Folder, copy.Checkpoints[^1]!).Best!.Epoch);
    }

    [Fact]
    public void Verdicts_stop_and_pause_the_trial()
    {
        var stopped = new ScriptedSession { OnReport = report => report.Epoch == 2 ? Verdict.Stop : Verdict.Continue };
        Assert.IsType<TrialResult.Stopped>(_trial.Run(_trial.Assignment(), stopped));
        Assert.Equal(2, stopped.Reports.Count);

        var paused = new ScriptedSession { OnReport = _ => Verdict.Pause };
        var released = Assert.IsType<TrialResult.Released>(_trial.Run(_trial.Assignment() with { CheckpointEvery = 2 }, paused));
        Assert.Null(paused.Checkpoints[0]);
        Assert.Equal((1, 0), (released.Checkpoint!.Epoch, released.Checkpoint.Batch));
    }

    [Fact]
    public void A_request_to_stop_ends_the_trial_at_the_next_batch()
    {
        var session = new ScriptedSession { OnPoll = poll => poll == 4 ? TrialRequest.Stop : TrialRequest.None };
        Assert.IsType<TrialResult.Stopped>(_trial.Run(_trial.Assignment(), session));
        Assert.Equal(5, session.Polls);
        Assert.Empty(Directory.GetFiles(_trial.Folder));
    }

    [Fact]
    public void Without_a_holdout_every_report_is_about_the_test_set_and_the_best_one_stands()
    {
        var (result, session) = _trial.Complete(_trial.Assignment("""{"holdout":0}""") with { Metric = "test_loss", Maximize = false });
        var best = session.Reports.MinBy(report => report["test_loss"])!;
        Assert.Equal(new TrialResult.Completed(best["test_loss"], best["test_accuracy"]), result);
        Assert.DoesNotContain("val_loss", session.Reports[0].Metrics.Keys);
    }

    [Fact]
    public void The_test_set_is_evaluated_with_the_weights_of_the_best_epoch()
    {
        // With this metric the first epoch is the best: minimised, the accuracy of a network that learns.
        var worst = _trial.Assignment("""{"epochs":5}""") with { Metric = "train_accuracy", Maximize = false };
        var (result, session) = _trial.Complete(worst);
        Assert.Equal(1, session.Reports.MinBy(report => report["train_accuracy"])!.Epoch);

        // The schedule is constant, so a trial of one epoch has the weights of the first.
        var (first, _) = _trial.Complete(worst with { Parameters = _trial.Assignment("""{"epochs":1}""").Parameters });
        Assert.Equal(first, result);
    }

    [Fact]
    public void The_best_weights_travel_in_the_checkpoint()
    {
        var assignment = _trial.Assignment("""{"epochs":3}""") with { Metric = "train_accuracy", Maximize = false };
        var (result, session) = _trial.Complete(assignment);
        Assert.Null(CheckpointFolder.Read(_trial.Folder, session.Checkpoints[0]!).Best!.Weights);
        var last = CheckpointFolder.Read(_trial.Folder, session.Checkpoints[2]!);
        Assert.Equal(1, last.Best!.Epoch);
        Assert.Equal(CheckpointFolder.Read(_trial.Folder, session.Checkpoints[0]!).Weights, last.Best.Weights);

        var (resumed, _) = _trial.Complete(assignment with { Resume = session.Checkpoints[2] });
        Assert.Equal(result, resumed);
    }

    [Fact]
    public void A_loss_that_runs_away_fails_the_trial_as_diverged()
    {
        var result = _trial.Run(_trial.Assignment("""{"lr":1e30,"optimizer":"SGD"}"""), new ScriptedSession());
        var failed = Assert.IsType<TrialResult.Failed>(result);
        Assert.Equal(FailureCause.Diverged, failed.Cause);
        Assert.Contains("batch", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"precision":"tf32"}""", "tf32")]
    [InlineData("""{"holdout":150}""", "holdout is 150")]
    [InlineData("""{"input_channels":3}""", "divisor of 784")]
    [InlineData("""{"learning_rate":3}""", "learning_rate")]
    public void What_cannot_be_trained_is_invalid(string overrides, string says)
    {
        var failed = Assert.IsType<TrialResult.Failed>(_trial.Run(_trial.Assignment(overrides), new ScriptedSession()));
        Assert.Equal(FailureCause.Invalid, failed.Cause);
        Assert.Contains(says, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_dataset_than_the_sweeps_is_refused()
    {
        var assignment = _trial.Assignment() with { DatasetDigests = ImmutableSortedDictionary<string, string>.Empty.Add("mnist", "another") };
        Assert.Equal(FailureCause.Invalid, Assert.IsType<TrialResult.Failed>(_trial.Run(assignment, new ScriptedSession())).Cause);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused()
    {
        var failed = Assert.IsType<TrialResult.Failed>(_trial.Run(_trial.Assignment() with { Device = "cuda:0" }, new ScriptedSession()));
        Assert.Equal(FailureCause.Device, failed.Cause);
        Assert.Contains("--device cpu", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_cannot_be_had_fails_the_trial_as_out_of_memory()
    {
        var failed = _trial.Run(_trial.Assignment(), new OutOfMemorySession());
        Assert.Equal(FailureCause.OutOfMemory, Assert.IsType<TrialResult.Failed>(failed).Cause);
        Assert.True(AllocationFailure.Is("CUDA out of memory. Tried to allocate 20.00 MiB"));
        Assert.True(AllocationFailure.Is("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"));
        Assert.True(AllocationFailure.Is("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"));
        Assert.False(AllocationFailure.Is("CUDA error: an illegal memory access was encountered"));
        Assert.False(AllocationFailure.Is("mat1 and mat2 shapes cannot be multiplied"));
    }

    [Fact]
    public void Bfloat16_trains_on_any_processor()
    {
        var result = _trial.Run(_trial.Assignment("""{"precision":"bf16","epochs":20,"hidden":12}"""), new ScriptedSession());
        Assert.True(Assert.IsType<TrialResult.Completed>(result).TestAccuracy > 0.6);
    }

    [Fact]
    public void Limits_cut_after_the_holdout_and_a_short_last_batch_is_trained()
    {
        var session = new ScriptedSession();
        var clock = new TickingTime();
        _trial.Run(_trial.Assignment("""{"train_limit":20,"eval_limit":7,"epochs":1}"""), session, clock);
        Assert.Equal([1, 2], session.ProgressMade.Select(progress => progress.Batch));
        Assert.All(session.ProgressMade, progress => Assert.Equal(2, progress.Batches));

        // Accuracies over 20 and over 7 images are multiples of 1/20 and 1/7.
        Assert.Equal(0, session.Reports[0]["train_accuracy"]!.Value * 20 % 1, 1e-9);
        Assert.Equal(Math.Round(session.Reports[0]["val_accuracy"]!.Value * 7), session.Reports[0]["val_accuracy"]!.Value * 7, 1e-9);
    }

    [Fact]
    public void Progress_tells_speed_and_time_left()
    {
        var session = new ScriptedSession();
        _trial.Run(_trial.Assignment(), session, new TickingTime());
        Assert.Equal(21, session.ProgressMade.Count);
        Assert.All(session.ProgressMade, progress => Assert.True(progress.BatchesPerSecond > 0 && progress.SecondsLeft >= 0 && double.IsFinite(progress.Loss)));
        Assert.True(session.ProgressMade[0].SecondsLeft > session.ProgressMade[10].SecondsLeft);
    }

    /// <summary>A second passes at every look.</summary>
    private sealed class TickingTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++_now;
    }

    /// <summary>Asks libtorch for more than any machine has, as a network too large would.</summary>
    private sealed class OutOfMemorySession : ITrialSession
    {
        public TrialRequest Requested
        {
            get
            {
                using var tensor = TorchSharp.torch.empty(1L << 55, dtype: TorchSharp.torch.ScalarType.Float32);
                return TrialRequest.None;
            }
        }

        public void Describe(ImmutableSortedDictionary<string, string> facts)
        {
        }

        public void Progress(TrialProgress progress)
        {
        }

        public Verdict Report(EpochReport report, CheckpointFile? checkpoint) => Verdict.Continue;

        public void Wait(TimeSpan time)
        {
        }
    }
}
