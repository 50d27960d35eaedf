using SeqMnistSweep.Datasets;
using SeqMnistSweep.Files;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Optimization;

namespace SeqMnistSweep.Training.Models;

/// <summary>A trial's network out of its checkpoint: the weights of its best epoch where it had a finite one, else the last.</summary>
public sealed class TrainedModel
{
    private const int BatchSize = 250;

    private readonly Checkpoint _checkpoint;
    private readonly TcnSettings _settings;
    private readonly float[] _weights;

    private TrainedModel(Checkpoint checkpoint, TcnSettings settings)
    {
        (_checkpoint, _settings) = (checkpoint, settings);
        _weights = checkpoint.Best?.Weights ?? checkpoint.Moments.GetValueOrDefault(OptimizerSettings.Average) ?? checkpoint.Weights;
        Epoch = checkpoint.Best?.Epoch ?? checkpoint.Epoch;
    }

    /// <summary>Whose weights these are.</summary>
    public int Epoch { get; }

    /// <param name="digest">The SHA-256 that the file is named after.</param>
    /// <exception cref="CheckpointException">The bytes are not that file, or no checkpoint of this program.</exception>
    public static TrainedModel Read(byte[] file, string digest)
    {
        if (Digest.Of(file) != digest)
        {
            throw new CheckpointException(
                $"the checkpoint {digest} is damaged: its content ({file.Length} bytes) does not have the SHA-256 it is named after");
        }

        try
        {
            var checkpoint = Checkpoint.FromTensors(SafeTensors.Parse(file));
            return new TrainedModel(checkpoint, TcnSettings.From(ParameterSet.FromJson(checkpoint.Settings)));
        }
        catch (Exception error) when (error is FormatException or InvalidSettingsException)
        {
            throw new CheckpointException($"the checkpoint {digest} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The weights alone as a safetensors file, under the names of the reference's state_dict.</summary>
    /// <param name="pytorchAliases">Adds the names under which locuslab's TemporalBlock holds the same convolutions a second time (its
    /// <c>net</c>), so that its class loads the file with <c>strict=True</c>.</param>
    public byte[] Export(bool pytorchAliases)
    {
        var tensors = new List<StoredTensor>();
        foreach (var slot in _checkpoint.Slots)
        {
            var values = _weights.AsSpan(slot.Offset, slot.Count);
            tensors.Add(StoredTensor.Of(slot.Name, values, slot.Shape));
            if (pytorchAliases && AliasOf(slot.Name) is { } alias)
            {
                tensors.Add(StoredTensor.Of(alias, values, slot.Shape));
            }
        }

        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["epoch"] = Epoch.ToString(CultureInfo.InvariantCulture),
            ["settings"] = _checkpoint.Settings,
        };
        return new SafeTensors(metadata.ToImmutableSortedDictionary(StringComparer.Ordinal), tensors).ToBytes();
    }

    /// <param name="pixels">N x 784 bytes as in an IDX file, 0 is background.</param>
    /// <returns>One per image: the ten classes' probabilities.</returns>
    public IReadOnlyList<double[]> Predict(byte[] pixels)
    {
        using var model = new CpuModel(_settings, seed: 0, threads: 1, LaneKernels.Widest);
        model.SetWeights(_weights);
        model.BeginEvaluation();
        var set = new ImageSet(pixels, new byte[pixels.Length / ImageSet.Pixels]);
        var images = new LabelledImages(set, 0, set.Count, _settings.Permutation);
        var predictions = new List<double[]>(set.Count);
        for (var from = 0; from < set.Count; from += BatchSize)
        {
            predictions.AddRange(model.Predict(new ImageBatch(images, from, Math.Min(BatchSize, set.Count - from))));
        }

        return predictions;
    }

    private static string? AliasOf(string name) =>
        name.Contains(".conv1.", StringComparison.Ordinal) ? name.Replace(".conv1.", ".net.0.", StringComparison.Ordinal)
        : name.Contains(".conv2.", StringComparison.Ordinal) ? name.Replace(".conv2.", ".net.4.", StringComparison.Ordinal)
        : null;
}
