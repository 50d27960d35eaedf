using System.Diagnostics;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>Kernels that add up how long they compute. What lies between the last kernel of the forward pass and the first of the backward pass is the head.</summary>
internal sealed unsafe class TimedKernels(LaneKernels kernels, PartTimes times) : LaneKernels
{
    private long _joined;

    public override KernelWidth Width => kernels.Width;

    public override int Blocks => kernels.Blocks;

    public override void Convolve(in Convolution convolution, int positions, int stride, int wide)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.Convolve(convolution, positions, stride, wide);
        End(StepPart.Convolutions, start);
    }

    public override void AddWeightGradient(float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.AddWeightGradient(x, stride, channels, gradient, gradientBlock, positions, wide, sums);
        End(StepPart.Convolutions, start);
    }

    public override void Activate(in Rows h, int number, MaskRule mask, bool round)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.Activate(h, number, mask, round);
        End(StepPart.Activations, start);
    }

    public override void Drop(in Rows x, int number, MaskRule mask)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.Drop(x, number, mask);
        End(StepPart.Activations, start);
    }

    public override void Join(float* h, float* residual, nint residualStep, float* output, int rows, bool round)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.Join(h, residual, residualStep, output, rows, round);
        _joined = times.Add(StepPart.Activations, start);
    }

    public override void Part(float* gradient, float* output, float* h, float* inner, int rows, float scale, float* biasSums, bool round)
    {
        // Only the last block's residual is followed by a backward pass.
        var start = _joined == 0 ? Stopwatch.GetTimestamp() : times.Add(StepPart.Head, _joined);
        kernels.Part(gradient, output, h, inner, rows, scale, biasSums, round);
        End(StepPart.Activations, start);
    }

    public override void Deactivate(float* gradient, float* h, int rows, float scale, float* biasSums, bool round)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.Deactivate(gradient, h, rows, scale, biasSums, round);
        End(StepPart.Activations, start);
    }

    public override void Add(float* from, float* to, nint toStep, int rows)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.Add(from, to, toStep, rows);
        End(StepPart.Activations, start);
    }

    public override void AddSum(float* from, int rows, float* sums)
    {
        var start = Stopwatch.GetTimestamp();
        kernels.AddSum(from, rows, sums);
        End(StepPart.Activations, start);
    }

    public override void Round(Span<float> values) => kernels.Round(values);

    private void End(StepPart part, long start)
    {
        times.Add(part, start);
        _joined = 0;
    }
}
