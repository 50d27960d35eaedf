using System.Diagnostics;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Data;

namespace SeqMnistSweep.Training;

/// <summary>One attempt, from its start or checkpoint to its end. Everything runs on the calling thread.</summary>
internal sealed class TcnTrial(
    TcnSettings settings, TrialAssignment assignment, ITrialSession session, TrialData data, ITcnModel model,
    ImmutableSortedDictionary<string, string> facts, TimeProvider time)
{
    /// <summary>Enough for a page's glance; a trial keeps about 340 bytes of them.</summary>
    private const int Samples = 24;

    private readonly int _batches = (data.Train.Count + settings.BatchSize - 1) / settings.BatchSize;
    private readonly ProgressMeter _progress = new(
        session, time, settings.Epochs, (data.Train.Count + settings.BatchSize - 1) / settings.BatchSize);
    private BatchTally _tally = new();
    private CheckpointFile? _latest = assignment.Resume;
    private BestEpoch? _best;
    private int _epochsDone;
    private int _batch;

    private string EvaluationPrefix => settings.Holdout > 0 ? "val" : "test";

    public TrialResult Run()
    {
        session.Describe(facts);
        if (assignment.Resume is { } file)
        {
            Restore(CheckpointFolder.Read(assignment.CheckpointFolder, file));
        }

        while (_epochsDone < settings.Epochs)
        {
            if (RunEpoch() is { } end) return end;
        }

        return Finish();
    }

    /// <summary>One epoch, or what is left of it: train, evaluate, checkpoint, report. Null to go on.</summary>
    private TrialResult? RunEpoch()
    {
        var epoch = _epochsDone + 1;
        var start = time.GetTimestamp();
        var first = _batch;
        if (TrainEpoch(epoch) is { } end) return end;

        var trained = time.GetElapsedTime(start);
        if (Evaluate(data.Evaluation) is not { } evaluation) return Interrupted();

        _progress.Evaluated(time.GetElapsedTime(start) - trained);
        if (!double.IsFinite(evaluation.Loss)) return Diverged(epoch, $"the {EvaluationPrefix} loss is {evaluation.Loss}");

        var images = _tally.Images - Math.Min((long)first * settings.BatchSize, _tally.Images);
        var report = Report(epoch, evaluation, time.GetElapsedTime(start), images / Math.Max(trained.TotalSeconds, 1e-9));
        EndEpoch(report, evaluation);
        var saves = epoch == settings.Epochs || (assignment.CheckpointEvery > 0 && epoch % assignment.CheckpointEvery == 0);
        var checkpoint = saves ? SaveIfPossible() : null;
        return session.Report(report, checkpoint) switch
        {
            Verdict.Stop => new TrialResult.Stopped(),
            Verdict.Pause => new TrialResult.Released(checkpoint ?? Save()),
            _ => null,
        };
    }

    private TrialResult? TrainEpoch(int epoch)
    {
        var order = settings.Shuffle ? EpochOrder.Shuffled(data.Train.Count, assignment.Seed, epoch) : null;
        _progress.Start();
        for (; _batch < _batches; _batch++)
        {
            if (session.Requested != TrialRequest.None) return Interrupted();

            var from = _batch * settings.BatchSize;
            var batch = new ImageBatch(data.Train, from, Math.Min(settings.BatchSize, data.Train.Count - from), order);
            model.Train(batch, epoch, _batch, _tally);
            if (!_tally.IsFinite) return Diverged(epoch, $"the training loss became {_tally.LossSum} at batch {_batch + 1}");

            _progress.Batch(epoch, _batch + 1, _tally.Loss);
        }

        model.Settle();
        return _tally.IsFinite ? null : Diverged(epoch, $"the training loss became {_tally.LossSum}");
    }

    /// <summary>Mean loss and accuracy of the present weights; null when the session asked for something in between.</summary>
    private (double Loss, double Accuracy)? Evaluate(LabelledImages images)
    {
        var tally = new BatchTally();
        model.BeginEvaluation();
        for (var from = 0; from < images.Count; from += model.EvaluationBatch)
        {
            if (session.Requested != TrialRequest.None) return null;

            model.Evaluate(new ImageBatch(images, from, Math.Min(model.EvaluationBatch, images.Count - from)), tally);
        }

        model.Settle();
        return (tally.Loss, tally.Accuracy);
    }

    private EpochReport Report(int epoch, (double Loss, double Accuracy) evaluation, TimeSpan took, double samplesPerSecond)
    {
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        metrics["train_loss"] = _tally.Loss;
        metrics["train_accuracy"] = _tally.Accuracy;
        metrics[EvaluationPrefix + "_loss"] = evaluation.Loss;
        metrics[EvaluationPrefix + "_accuracy"] = evaluation.Accuracy;
        metrics["epoch_seconds"] = took.TotalSeconds;
        metrics["samples_per_second"] = samplesPerSecond;
        if (Machine.PeakMemory() is { } peak)
        {
            metrics[EpochReport.PeakMemory] = peak;
        }

        return new EpochReport(epoch, metrics.ToImmutable());
    }

    private void EndEpoch(EpochReport report, (double Loss, double Accuracy) evaluation)
    {
        _epochsDone = report.Epoch;
        _batch = 0;
        _tally = new BatchTally();
        if (report[assignment.Metric] is { } value && double.IsFinite(value)
            && (_best is null || (assignment.Maximize ? value > _best.Value : value < _best.Value)))
        {
            _best = new BestEpoch(report.Epoch, value, evaluation.Loss, evaluation.Accuracy, model.ReadEvaluated());
        }
    }

    /// <summary>With a holdout the test set is looked at here alone, with the best epoch's weights (the last's without one).</summary>
    private TrialResult Finish()
    {
        var last = model.ReadEvaluated();
        if (_best?.Weights is { } weights)
        {
            model.SetEvaluated(weights);
        }

        if (data.Test is null) return Completed(data.Evaluation, _best?.EvalLoss, _best?.EvalAccuracy);

        if (Evaluate(data.Test) is { } test) return Completed(data.Test, test.Loss, test.Accuracy);

        model.SetEvaluated(last);
        return Interrupted();
    }

    private TrialResult.Completed Completed(LabelledImages test, double? loss, double? accuracy)
    {
        session.Describe(facts.SetItem(SamplePrediction.Fact, SamplesOf(test)));
        return new TrialResult.Completed(loss, accuracy);
    }

    /// <summary>What the network makes of the first test images. A page shows it beside the images, which lie in the dataset.</summary>
    private string SamplesOf(LabelledImages test)
    {
        model.BeginEvaluation();
        return SamplePrediction.Write(model.Predict(new ImageBatch(test, 0, Math.Min(Samples, test.Count))).Select((probabilities, i) =>
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            return new SamplePrediction(test.LabelOf(i), best, probabilities[best]);
        }));
    }

    private TrialResult Interrupted() => session.Requested == TrialRequest.Stop
        ? new TrialResult.Stopped()
        : new TrialResult.Released(_epochsDone == 0 && _batch == 0 ? _latest : Save());

    private static TrialResult.Failed Diverged(int epoch, string what) => new(FailureCause.Diverged, $"in epoch {epoch} {what}");

    /// <summary>A full disk costs the checkpoint, not the trial: a later attempt goes on from an earlier one.</summary>
    private CheckpointFile? SaveIfPossible()
    {
        try
        {
            return Save();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(
                $"the checkpoint of epoch {_epochsDone} cannot be written, and the trial goes on without it: {error.Message}");
            return null;
        }
    }

    private CheckpointFile Save()
    {
        model.Settle();
        Debug.Assert(_batch > 0 || _tally.Images == 0, "sums belong to the batches of the epoch under way");
        var weights = model.ReadWeights();
        var atBest = _batch == 0 && _best?.Epoch == _epochsDone && _best.Weights.AsSpan().SequenceEqual(weights);
        return _latest = CheckpointFolder.Write(assignment.CheckpointFolder, new Checkpoint
        {
            Epoch = _epochsDone,
            Batch = _batch,
            LossSum = _tally.LossSum,
            Correct = _tally.Correct,
            Step = model.Steps,
            Seed = assignment.Seed,
            Settings = ParametersByName(),
            Slots = model.Slots,
            Weights = weights,
            Moments = model.ReadMoments(),
            Best = atBest ? _best! with { Weights = null } : _best,
        });
    }

    /// <exception cref="CheckpointException">It is of another network, optimizer or length.</exception>
    private void Restore(Checkpoint checkpoint)
    {
        if (checkpoint.Epoch > settings.Epochs || checkpoint.Batch > _batches)
        {
            throw new CheckpointException(
                $"the checkpoint is of epoch {checkpoint.Epoch}, batch {checkpoint.Batch}; this trial has {settings.Epochs} epochs of "
                    + $"{_batches} batches");
        }

        if (!checkpoint.Slots.Select(slot => slot.Count).SequenceEqual(model.Slots.Select(slot => slot.Count)))
        {
            throw new CheckpointException(
                $"the checkpoint is of a network with {checkpoint.Weights.Length} parameters of other shapes; this trial's has "
                    + $"{model.ParameterCount}");
        }

        if (model.ReadMoments().Keys.FirstOrDefault(name => !checkpoint.Moments.ContainsKey(name)) is { } missing)
        {
            throw new CheckpointException($"the checkpoint has no {missing}, which this trial's optimizer needs: it is of another one");
        }

        model.SetWeights(checkpoint.Weights);
        model.SetOptimizer(checkpoint.Moments, checkpoint.Step);
        _epochsDone = checkpoint.Epoch;
        _batch = checkpoint.Batch;
        _tally.Restore(checkpoint.LossSum, checkpoint.Correct, Math.Min((long)checkpoint.Batch * settings.BatchSize, data.Train.Count));

        // A copy of another trial with changed parameters: what was best under the others' is not this trial's.
        _best = checkpoint.Settings != ParametersByName() ? null
            : checkpoint.Best is { Weights: null } best ? best with { Weights = checkpoint.Weights } : checkpoint.Best;
    }

    /// <summary>In the order of the names: the order in a file or database must not show in a checkpoint's digest.</summary>
    private string ParametersByName() =>
        new SearchSpaces.ParameterSet(assignment.Parameters.OrderBy(item => item.Key, StringComparer.Ordinal)).ToJson();
}
