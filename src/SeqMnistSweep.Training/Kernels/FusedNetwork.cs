using System.Collections.Concurrent;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>The network's training step and evaluation on the CPU, computed at the positions that the last output depends on, without
/// libtorch: one image after the other goes forwards and backwards through all blocks while its activations are in the cache. In bfloat16
/// inputs, weights and output gradients of the convolutions are rounded to it; products and sums stay float32. Results depend neither on
/// the kernels' width nor on the number of threads: gradients are summed by groups of images of a fixed size, then over the groups in
/// order.</summary>
internal sealed unsafe class FusedNetwork : IDisposable
{
    /// <summary>Images whose gradients are summed together, at least.</summary>
    private const int SmallestGroup = 32;

    /// <summary>No more: every group has a buffer of gradients.</summary>
    private const int MostGroups = 16;

    private readonly LaneKernels _kernels;
    private readonly TcnShape _shape;
    private readonly int _length;
    private readonly int _threads;
    private readonly bool _round;
    private readonly BlockKernel[] _blocks;
    private readonly List<NormedConvolution> _convolutions = [];
    private readonly ParameterSlot _headWeight;
    private readonly ParameterSlot _headBias;
    private readonly float[] _head;
    private readonly int _gradientCount;
    private readonly List<AlignedMemory> _groups = [];
    private readonly ConcurrentBag<ImageMemory> _memory = [];
    private readonly float[] _flat;
    private readonly double _labelSmoothing;

    /// <param name="slots">Of the flat buffer of parameters.</param>
    /// <param name="length">Time steps of the input.</param>
    /// <param name="inBFloat16">Whether convolutions multiply bfloat16 numbers.</param>
    /// <param name="labelSmoothing">While training, 0 to below 1.</param>
    public FusedNetwork(
        LaneKernels kernels, TcnShape shape, IReadOnlyList<ParameterSlot> slots, int length, int threads, bool inBFloat16 = false,
        double labelSmoothing = 0)
    {
        _labelSmoothing = labelSmoothing;
        (_kernels, _shape, _length, _threads, _round) = (kernels, shape, length, threads, inBFloat16);
        _blocks = new BlockKernel[shape.Levels];
        var geometry = BlockGeometry.Of(shape.Levels, shape.KernelSize, length);
        var byName = slots.ToDictionary(slot => slot.Name);
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new BlockKernel(kernels, shape, i, geometry[i], i == 0 ? 0 : _blocks[i - 1].GradientEnd, inBFloat16);
            foreach (var (name, convolution) in _blocks[i].Convolutions)
            {
                _convolutions.Add(new NormedConvolution(kernels, $"tcn.network.{i}.{name}", convolution, byName));
            }
        }

        (_headWeight, _headBias) = (byName["linear.weight"], byName["linear.bias"]);
        _head = new float[_headWeight.Count + _headBias.Count];
        _flat = new float[slots[^1].Offset + slots[^1].Count];
        _gradientCount = _blocks[^1].GradientEnd;
    }

    /// <summary>Takes over the parameters; good for any number of passes.</summary>
    /// <param name="flat">[parameters], as the slots say.</param>
    /// <param name="forTraining">False where no gradients will be asked for.</param>
    public void Load(ReadOnlySpan<float> flat, bool forTraining)
    {
        flat.CopyTo(_flat);
        foreach (var convolution in _convolutions)
        {
            convolution.Load(flat, forTraining, _round);
        }

        flat.Slice(_headWeight.Offset, _headWeight.Count).CopyTo(_head);
        flat.Slice(_headBias.Offset, _headBias.Count).CopyTo(_head.AsSpan(_headWeight.Count));
    }

    /// <summary>Forwards only, with the parameters of the last <see cref="Load"/> and without dropout.</summary>
    /// <param name="x">[images, channels, time], normalised pixels.</param>
    /// <param name="labels">[images], digits of 0 to 9.</param>
    /// <param name="logits">[images, 10], overwritten; empty where nobody wants them.</param>
    /// <returns>Sum of the losses in nats, and hits.</returns>
    public BatchSums Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<byte> labels, Span<float> logits)
    {
        fixed (float* input = x, output = logits)
        fixed (byte* label = labels)
        {
            return Run(new Batch(input, label, labels.Length, output, default, null));
        }
    }

    /// <summary>Forwards and backwards; the gradient is that of the mean loss.</summary>
    /// <param name="x">[images, channels, time], normalised pixels.</param>
    /// <param name="labels">[images], digits of 0 to 9.</param>
    /// <param name="masks">Dropout of this step.</param>
    /// <param name="gradient">Of the flat buffer, [parameters]; overwritten.</param>
    /// <returns>Sum of the losses in nats, and hits.</returns>
    public BatchSums Train(ReadOnlySpan<float> x, ReadOnlySpan<byte> labels, in StepMasks masks, Span<float> gradient)
    {
        var groups = GroupsOf(labels.Length);
        while (_groups.Count < groups)
        {
            _groups.Add(new AlignedMemory(_gradientCount + _head.Length));
        }

        BatchSums sums;
        fixed (float* input = x)
        fixed (byte* label = labels)
        {
            sums = Run(new Batch(input, label, labels.Length, null, masks, _groups));
        }

        var total = _groups[0].Span;
        for (var i = 1; i < groups; i++)
        {
            Add(total, _groups[i].Span);
        }

        gradient.Clear();
        foreach (var convolution in _convolutions)
        {
            convolution.Gradient(_flat, total, gradient);
        }

        total.Slice(_gradientCount, _headWeight.Count).CopyTo(gradient[_headWeight.Offset..]);
        total[(_gradientCount + _headWeight.Count)..].CopyTo(gradient[_headBias.Offset..]);
        return sums;
    }

    public void Dispose()
    {
        foreach (var part in (IEnumerable<IDisposable>)[.. _blocks, .. _memory, .. _groups])
        {
            part.Dispose();
        }
    }

    /// <summary>Of a batch's size alone: results must not depend on anything else.</summary>
    private static int GroupSize(int images) => Math.Max(SmallestGroup, (images + MostGroups - 1) / MostGroups);

    private static int GroupsOf(int images) => (images + GroupSize(images) - 1) / GroupSize(images);

    private static void Add(Span<float> sums, ReadOnlySpan<float> more)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += more[i];
        }
    }

    private BatchSums Run(Batch batch)
    {
        var groups = GroupsOf(batch.Images);
        var sums = new BatchSums[groups];
        if (_threads == 1 || groups == 1)
        {
            for (var i = 0; i < groups; i++)
            {
                sums[i] = RunGroup(batch, i);
            }
        }
        else
        {
            Parallel.For(0, groups, new ParallelOptions { MaxDegreeOfParallelism = _threads }, i => sums[i] = RunGroup(batch, i));
        }

        return sums.Aggregate((a, b) => new BatchSums(a.Loss + b.Loss, a.Correct + b.Correct));
    }

    private BatchSums RunGroup(Batch batch, int group)
    {
        if (!_memory.TryTake(out var memory))
        {
            memory = new ImageMemory(_blocks);
        }

        float* gradients = null;
        if (batch.Gradients is { } all)
        {
            all[group].Span.Clear();
            gradients = all[group].Pointer;
        }

        var sums = default(BatchSums);
        var size = GroupSize(batch.Images);
        var end = Math.Min(batch.Images, (group + 1) * size);
        for (var image = group * size; image < end; image++)
        {
            sums = RunImage(batch, memory, image, gradients, sums);
        }

        _memory.Add(memory);
        return sums;
    }

    private BatchSums RunImage(Batch batch, ImageMemory memory, int image, float* gradients, BatchSums sums)
    {
        TakeInput(batch, memory.Blocks[0].Input, image);
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i].Forward(memory.Blocks[i], Output(memory, i), image, batch.Masks);
        }

        var headWeight = _head.AsSpan(0, _headWeight.Count);
        Span<float> logits = stackalloc float[TcnShape.Classes];
        Span<double> slopes = stackalloc double[TcnShape.Classes];
        HeadKernel.Logits(memory.Output, headWeight, _head.AsSpan(_headWeight.Count), logits);
        var label = batch.Labels[image];
        sums = new BatchSums(
            sums.Loss + HeadKernel.Loss(logits, label, gradients is null ? 0 : _labelSmoothing, slopes),
            sums.Correct + (HeadKernel.Largest(logits) == label ? 1 : 0));
        if (batch.Logits is not null)
        {
            logits.CopyTo(new Span<float>(batch.Logits + (image * TcnShape.Classes), TcnShape.Classes));
        }

        if (gradients is null) return sums;

        for (var i = 0; i < slopes.Length; i++)
        {
            logits[i] = (float)(slopes[i] / batch.Images);
        }

        var gradient = _blocks[^1].Outputs(memory.Gradients[0]);
        var weightGradient = new Span<float>(gradients + _gradientCount, _headWeight.Count);
        var biasGradient = new Span<float>(gradients + _gradientCount + _headWeight.Count, TcnShape.Classes);
        HeadKernel.Backward(memory.Output, headWeight, logits, gradient, weightGradient, biasGradient);
        var scale = batch.Masks.Of(0).Scale;
        for (var i = _blocks.Length - 1; i >= 0; i--)
        {
            Rows? next = i == 0 ? null : _blocks[i].InputGradient(memory.Gradients[(_blocks.Length - i) % 2]);
            _blocks[i].Backward(memory.Blocks[i], Output(memory, i), gradient, memory.Scratch1, memory.Scratch2, next, scale, gradients);
            gradient = next ?? gradient;
        }

        return sums;
    }

    private Rows Output(ImageMemory memory, int block) => block + 1 < _blocks.Length ? memory.Blocks[block + 1].Input : memory.Output;

    /// <summary>[channels, time] into rows, with the dropout of the input.</summary>
    private void TakeInput(Batch batch, in Rows rows, int image)
    {
        var x = batch.X + ((nint)image * _shape.InputChannels * _length);
        for (var channel = 0; channel < _shape.InputChannels; channel++)
        {
            var to = rows.At(channel / Rows.Lanes, 0) + (channel % Rows.Lanes);
            for (var i = 0; i < _length; i++)
            {
                to[i * Rows.Lanes] = *x++;
            }
        }

        if (batch.Masks.InputRate > 0)
        {
            _kernels.Drop(rows, image, batch.Masks.Input);
        }

        for (var block = 0; _round && block < rows.Blocks; block++)
        {
            _kernels.Round(new Span<float>(rows.At(block, 0), rows.Length * Rows.Lanes));
        }
    }

    /// <summary>What a pass works on. Pointers, because threads share it; the caller has pinned them.</summary>
    private sealed class Batch(float* x, byte* labels, int images, float* logits, StepMasks masks, IReadOnlyList<AlignedMemory>? gradients)
    {
        public readonly float* X = x;
        public readonly byte* Labels = labels;
        public readonly int Images = images;
        public readonly float* Logits = logits;
        public readonly StepMasks Masks = masks;

        /// <summary>One per group; null in evaluation.</summary>
        public readonly IReadOnlyList<AlignedMemory>? Gradients = gradients;
    }
}

/// <summary>Sum over images of their loss, and how many were classified right.</summary>
internal readonly record struct BatchSums(double Loss, int Correct);
