using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <content>The gradient of a convolution's weights: products of inputs and output gradients, summed over positions. As many input channels
/// times blocks of output channels as the registers hold are summed in them: with 512 bits 16 multiply-adds for 10 loads.</content>
internal sealed unsafe partial class LaneKernels<TLanes>
{
    public override void AddWeightGradient(
        float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums)
    {
        delegate*<float*, int, int, float*, nint, int, float*, void> add = wide == 2 ? &AddGradientTile<N2> : &AddGradientTile<N1>;
        var tiles = (channels + TLanes.Channels - 1) / TLanes.Channels;
        var done = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            var count = (channels - done) / (tiles - tile);
            add(x + done, stride, count, gradient, gradientBlock, positions, sums + (done * wide * Rows.Lanes));
            done += count;
        }
    }

    private static void AddGradientTile<TWide>(
        float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, float* sums)
        where TWide : struct, ICount
    {
        delegate*<float*, int, float*, nint, int, float*, void> tile = channels switch
        {
            1 => &GradientTile<N1, TWide>,
            2 => &GradientTile<N2, TWide>,
            3 => &GradientTile<N3, TWide>,
            4 => &GradientTile<N4, TWide>,
            5 => &GradientTile<N5, TWide>,
            6 => &GradientTile<N6, TWide>,
            7 => &GradientTile<N7, TWide>,
            _ => &GradientTile<N8, TWide>,
        };
        tile(x, stride, gradient, gradientBlock, positions, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientTile<TChannels, TWide>(
        float* x, int stride, float* gradient, nint gradientBlock, int positions, float* sums)
        where TChannels : struct, ICount
        where TWide : struct, ICount
    {
        const int Lanes = Rows.Lanes;
        TLanes a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = default;
        for (var i = 0; i < positions; i++)
        {
            var g = TLanes.Load(gradient);
            var h = TWide.Value == 1 ? default(TLanes) : TLanes.Load(gradient + gradientBlock);
            Sum<TChannels, TWide>(0, x, g, h, ref a0, ref b0);
            Sum<TChannels, TWide>(1, x, g, h, ref a1, ref b1);
            Sum<TChannels, TWide>(2, x, g, h, ref a2, ref b2);
            Sum<TChannels, TWide>(3, x, g, h, ref a3, ref b3);
            Sum<TChannels, TWide>(4, x, g, h, ref a4, ref b4);
            Sum<TChannels, TWide>(5, x, g, h, ref a5, ref b5);
            Sum<TChannels, TWide>(6, x, g, h, ref a6, ref b6);
            Sum<TChannels, TWide>(7, x, g, h, ref a7, ref b7);
            x += stride * Lanes;
            gradient += Lanes;
        }

        Add<TChannels, TWide>(0, a0, b0, sums);
        Add<TChannels, TWide>(1, a1, b1, sums);
        Add<TChannels, TWide>(2, a2, b2, sums);
        Add<TChannels, TWide>(3, a3, b3, sums);
        Add<TChannels, TWide>(4, a4, b4, sums);
        Add<TChannels, TWide>(5, a5, b5, sums);
        Add<TChannels, TWide>(6, a6, b6, sums);
        Add<TChannels, TWide>(7, a7, b7, sums);
    }

    /// <summary>One input channel times the output gradients of one position, where the tile has that channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TChannels, TWide>(int channel, float* x, TLanes g, TLanes h, ref TLanes a, ref TLanes b)
        where TChannels : struct, ICount
        where TWide : struct, ICount
    {
        if (channel >= TChannels.Value) return;

        var s = TLanes.All(x[channel]);
        a = TLanes.MultiplyAdd(g, s, a);
        b = TWide.Value == 1 ? b : TLanes.MultiplyAdd(h, s, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TChannels, TWide>(int channel, TLanes a, TLanes b, float* sums)
        where TChannels : struct, ICount
        where TWide : struct, ICount
    {
        if (channel >= TChannels.Value) return;

        sums += channel * TWide.Value * Rows.Lanes;
        (TLanes.Load(sums) + a).Store(sums);
        if (TWide.Value > 1)
        {
            (TLanes.Load(sums + Rows.Lanes) + b).Store(sums + Rows.Lanes);
        }
    }
}
