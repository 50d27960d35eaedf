using System.Runtime.InteropServices;

namespace SeqMnistSweep.Training.Checkpoints;

/// <summary>Everything that training needs to go on, and nothing that depends on the machine, the time or the attempt: two runs that
/// trained the same have the same file. Chance has no state here, for every use of it is a function of seed, epoch and batch.</summary>
internal sealed record Checkpoint
{
    private const string Format = "seqsweep.tcn.1";
    private const string MomentPrefix = "optimizer.";
    private const string BestPrefix = "best.";

    /// <summary>Epochs finished.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches done of the next epoch.</summary>
    public required int Batch { get; init; }

    /// <summary>Sum over the images of those batches of their loss, and how many of them were classified right.</summary>
    public required double LossSum { get; init; }

    public required long Correct { get; init; }

    /// <summary>Steps of the optimizer.</summary>
    public required long Step { get; init; }

    public required long Seed { get; init; }

    /// <summary>The parameter set as JSON; for readers, training does not look at it.</summary>
    public required string Settings { get; init; }

    public required IReadOnlyList<ParameterSlot> Slots { get; init; }

    /// <summary>The flat buffer.</summary>
    public required float[] Weights { get; init; }

    /// <summary>By PyTorch's names, each laid out as the flat buffer.</summary>
    public required ImmutableSortedDictionary<string, float[]> Moments { get; init; }

    /// <summary>Null while no epoch had a finite value of the metric.</summary>
    public required BestEpoch? Best { get; init; }

    public SafeTensors ToTensors()
    {
        var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        metadata["format"] = Format;
        metadata["epoch"] = Text(Epoch);
        metadata["batch"] = Text(Batch);
        metadata["seed"] = Text(Seed);
        metadata["settings"] = Settings;
        List<StoredTensor> tensors =
        [
            StoredTensor.Of("optimizer.step", Step),
            StoredTensor.Of("progress.loss_sum", LossSum),
            StoredTensor.Of("progress.correct", Correct),
        ];
        AddFlat(tensors, "", Weights);
        foreach (var (name, values) in Moments)
        {
            AddFlat(tensors, $"{MomentPrefix}{name}.", values);
        }

        if (Best is { } best)
        {
            metadata["best_epoch"] = Text(best.Epoch);
            tensors.Add(StoredTensor.Of("best_value", best.Value));
            tensors.Add(StoredTensor.Of("best_eval_loss", best.EvalLoss));
            tensors.Add(StoredTensor.Of("best_eval_accuracy", best.EvalAccuracy));
            if (best.Weights is { } weights)
            {
                AddFlat(tensors, BestPrefix, weights);
            }
        }

        return new SafeTensors(metadata.ToImmutable(), tensors);
    }

    /// <exception cref="FormatException">Something is missing or of the wrong kind; the message says what.</exception>
    public static Checkpoint FromTensors(SafeTensors file)
    {
        var reader = new Reader(file);
        if (reader.Text("format") != Format)
        {
            throw new FormatException($"its format is {reader.Text("format")}, this program reads {Format}");
        }

        var slots = reader.Slots();
        var moments = file.Tensors.Select(tensor => tensor.Name)
            .Where(name => name.StartsWith(MomentPrefix, StringComparison.Ordinal)
                && name.EndsWith("." + slots[0].Name, StringComparison.Ordinal))
            .Select(name => name[MomentPrefix.Length..^(slots[0].Name.Length + 1)]);
        return new Checkpoint
        {
            Epoch = (int)reader.Number("epoch"),
            Batch = (int)reader.Number("batch"),
            LossSum = reader.Real("progress.loss_sum"),
            Correct = reader.Integer("progress.correct"),
            Step = reader.Integer("optimizer.step"),
            Seed = reader.Number("seed"),
            Settings = reader.Text("settings"),
            Slots = slots,
            Weights = reader.Flat("", slots),
            Moments = moments.ToImmutableSortedDictionary(
                name => name, name => reader.Flat($"{MomentPrefix}{name}.", slots), StringComparer.Ordinal),
            Best = !file.Metadata.ContainsKey("best_epoch") ? null : new BestEpoch(
                (int)reader.Number("best_epoch"), reader.Real("best_value"), reader.Real("best_eval_loss"),
                reader.Real("best_eval_accuracy"), reader.Has(BestPrefix + slots[0].Name) ? reader.Flat(BestPrefix, slots) : null),
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void AddFlat(List<StoredTensor> tensors, string prefix, float[] values) =>
        tensors.AddRange(Slots.Select(slot => StoredTensor.Of(prefix + slot.Name, values.AsSpan(slot.Offset, slot.Count), slot.Shape)));

    private sealed class Reader(SafeTensors file)
    {
        private readonly Dictionary<string, StoredTensor> _tensors = file.Tensors
            .ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

        public bool Has(string name) => _tensors.ContainsKey(name);

        public string Text(string key)
            => file.Metadata.GetValueOrDefault(key) ?? throw new FormatException($"its metadata has no {key}");

        public long Number(string key) =>
            long.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
                ? number
                : throw new FormatException($"its {key} is '{Text(key)}', not a number");

        public double Real(string name) => BitConverter.ToDouble(Get(name, "F64", []).Span);

        public long Integer(string name) => BitConverter.ToInt64(Get(name, "I64", []).Span);

        /// <summary>The network's parameters, which the names of the reference tell apart from everything else in the file.</summary>
        public List<ParameterSlot> Slots()
        {
            var levels = Enumerable.Range(0, int.MaxValue).TakeWhile(level => Has($"tcn.network.{level}.conv1.weight_v")).Count();
            var v = Find("tcn.network.0.conv1.weight_v").Shape;
            return v.Length == 3
                ? [.. ParameterSlot.All(new TcnShape(levels, (int)v[2], (int)v[0], (int)v[1]))]
                : throw new FormatException("its tensor tcn.network.0.conv1.weight_v is not of three dimensions");
        }

        public float[] Flat(string prefix, IReadOnlyList<ParameterSlot> slots)
        {
            var values = new float[slots[^1].Offset + slots[^1].Count];
            foreach (var slot in slots)
            {
                MemoryMarshal.Cast<byte, float>(Get(prefix + slot.Name, "F32", slot.Shape).Span).CopyTo(values.AsSpan(slot.Offset));
            }

            return values;
        }

        private StoredTensor Find(string name) => _tensors.GetValueOrDefault(name) ?? throw new FormatException($"it has no tensor {name}");

        private ReadOnlyMemory<byte> Get(string name, string type, long[] shape)
        {
            var tensor = Find(name);
            return tensor.Type == type && tensor.Shape.AsSpan().SequenceEqual(shape)
                ? tensor.Data
                : throw new FormatException(
                    $"its tensor {name} is {tensor.Type} [{string.Join(", ", tensor.Shape)}], not {type} [{string.Join(", ", shape)}]");
        }
    }
}

/// <summary>The epoch with the best value of the metric so far.</summary>
/// <param name="EvalLoss">Loss and accuracy of its report, on the set that reports evaluate.</param>
/// <param name="Weights">Its flat buffer; null when the checkpoint's own weights are of that epoch.</param>
internal sealed record BestEpoch(int Epoch, double Value, double EvalLoss, double EvalAccuracy, float[]? Weights);
