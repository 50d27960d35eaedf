using SeqMnistSweep.Training.Data;

namespace SeqMnistSweep.Training;

/// <summary>Network and optimizer of one trial on its device: what a training step changes.</summary>
internal interface ITcnModel : IDisposable
{
    /// <summary>Where each parameter lies in the flat buffers.</summary>
    IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>Steps of the optimizer.</summary>
    long Steps { get; }

    /// <summary>Images that <see cref="Evaluate"/> is best given at a time. Fixed, because sums depend on it.</summary>
    int EvaluationBatch { get; }

    int ParameterCount => Slots[^1].Offset + Slots[^1].Count;

    /// <summary>One step on one batch: forward, backward, clip, update. The loss goes into <paramref name="tally"/>; weights stay as they
    /// are when it is known not to be finite.</summary>
    /// <param name="epoch">With <paramref name="number"/>, the batch's in the epoch, what dropout depends on.</param>
    void Train(in ImageBatch batch, int epoch, int number, BatchTally tally);

    /// <summary>Makes of <see cref="ReadEvaluated"/> the weights for <see cref="Evaluate"/> and <see cref="Predict"/>, good until the next
    /// step.</summary>
    void BeginEvaluation();

    /// <summary>Adds loss (in nats) and hits of a batch to <paramref name="tally"/>, without dropout and without training.</summary>
    /// <param name="batch">Any number of images.</param>
    /// <param name="tally">May lack this batch until <see cref="Settle"/>.</param>
    void Evaluate(in ImageBatch batch, BatchTally tally);

    /// <summary>Brings into the tallies what the device has not told yet; until then they may lack the last batches.</summary>
    void Settle();

    /// <summary>What the weights of <see cref="BeginEvaluation"/> make of a few images.</summary>
    /// <returns>[images][10]: the probability of each digit, 0 to 1; they sum to 1.</returns>
    double[][] Predict(in ImageBatch batch);

    /// <summary>A copy of the flat buffer, [parameters].</summary>
    float[] ReadWeights();

    /// <summary>A copy of what is evaluated, [parameters]: the moving average where the trial has one, else the weights.</summary>
    float[] ReadEvaluated();

    /// <summary>Copies of the optimizer's moments by PyTorch's names, and of the moving average, each [parameters].</summary>
    ImmutableSortedDictionary<string, float[]> ReadMoments();

    /// <param name="values">[parameters]; copied.</param>
    void SetWeights(ReadOnlySpan<float> values);

    /// <param name="values">[parameters]; copied.</param>
    void SetEvaluated(ReadOnlySpan<float> values);

    /// <param name="moments">One for each name of <see cref="ReadMoments"/>, each [parameters]; copied.</param>
    /// <param name="steps">Steps made so far, 0 or more.</param>
    void SetOptimizer(IReadOnlyDictionary<string, float[]> moments, long steps);
}
