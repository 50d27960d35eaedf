using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>
/// The gradient of a convolution's weights: products of inputs and output gradients, summed over positions. As many input
/// channels times blocks of output channels as the registers hold are summed in them: with 512 bits 16 multiply-adds for 10 loads.
/// </summary>
internal static unsafe class WeightGradientKernel<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Adds to <paramref name="sums"/> what one block of input channels gives for one tap and one group of output
    /// channels.</summary>
    /// <param name="x">What the tap reads at the first position.</param>
    /// <param name="stride">Input rows from one position to the next: 1 or 2.</param>
    /// <param name="gradient">Of the outputs, at the first position.</param>
    /// <param name="gradientBlock">Floats from one block of 16 output channels to the next.</param>
    /// <param name="sums">[channels][wide * 16].</param>
    public static void Run(float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums)
    {
        var tiles = (channels + TLanes.Channels - 1) / TLanes.Channels;
        var done = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            var count = (channels - done) / (tiles - tile);
            if (wide == 2)
            {
                Sized<N2>(x + done, stride, count, gradient, gradientBlock, positions, sums + (done * 2 * Rows.Lanes));
            }
            else
            {
                Sized<N1>(x + done, stride, count, gradient, gradientBlock, positions, sums + (done * Rows.Lanes));
            }

            done += count;
        }
    }

    private static void Sized<TWide>(float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, float* sums)
        where TWide : struct, ICount
    {
        switch (channels)
        {
            case 1:
                Tile<N1, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            case 2:
                Tile<N2, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            case 3:
                Tile<N3, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            case 4:
                Tile<N4, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            case 5:
                Tile<N5, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            case 6:
                Tile<N6, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            case 7:
                Tile<N7, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
            default:
                Tile<N8, TWide>(x, stride, gradient, gradientBlock, positions, sums);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TChannels, TWide>(float* x, int stride, float* gradient, nint gradientBlock, int positions, float* sums)
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
            var s = TLanes.All(x[0]);
            a0 = TLanes.MultiplyAdd(g, s, a0);
            b0 = TWide.Value == 1 ? b0 : TLanes.MultiplyAdd(h, s, b0);
            if (TChannels.Value > 1)
            {
                s = TLanes.All(x[1]);
                a1 = TLanes.MultiplyAdd(g, s, a1);
                b1 = TWide.Value == 1 ? b1 : TLanes.MultiplyAdd(h, s, b1);
            }

            if (TChannels.Value > 2)
            {
                s = TLanes.All(x[2]);
                a2 = TLanes.MultiplyAdd(g, s, a2);
                b2 = TWide.Value == 1 ? b2 : TLanes.MultiplyAdd(h, s, b2);
            }

            if (TChannels.Value > 3)
            {
                s = TLanes.All(x[3]);
                a3 = TLanes.MultiplyAdd(g, s, a3);
                b3 = TWide.Value == 1 ? b3 : TLanes.MultiplyAdd(h, s, b3);
            }

            if (TChannels.Value > 4)
            {
                s = TLanes.All(x[4]);
                a4 = TLanes.MultiplyAdd(g, s, a4);
                b4 = TWide.Value == 1 ? b4 : TLanes.MultiplyAdd(h, s, b4);
            }

            if (TChannels.Value > 5)
            {
                s = TLanes.All(x[5]);
                a5 = TLanes.MultiplyAdd(g, s, a5);
                b5 = TWide.Value == 1 ? b5 : TLanes.MultiplyAdd(h, s, b5);
            }

            if (TChannels.Value > 6)
            {
                s = TLanes.All(x[6]);
                a6 = TLanes.MultiplyAdd(g, s, a6);
                b6 = TWide.Value == 1 ? b6 : TLanes.MultiplyAdd(h, s, b6);
            }

            if (TChannels.Value > 7)
            {
                s = TLanes.All(x[7]);
                a7 = TLanes.MultiplyAdd(g, s, a7);
                b7 = TWide.Value == 1 ? b7 : TLanes.MultiplyAdd(h, s, b7);
            }

            x += stride * Lanes;
            gradient += Lanes;
        }

        Add<TWide>(a0, b0, sums);
        if (TChannels.Value > 1)
        {
            Add<TWide>(a1, b1, sums + (1 * TWide.Value * Lanes));
        }

        if (TChannels.Value > 2)
        {
            Add<TWide>(a2, b2, sums + (2 * TWide.Value * Lanes));
        }

        if (TChannels.Value > 3)
        {
            Add<TWide>(a3, b3, sums + (3 * TWide.Value * Lanes));
        }

        if (TChannels.Value > 4)
        {
            Add<TWide>(a4, b4, sums + (4 * TWide.Value * Lanes));
        }

        if (TChannels.Value > 5)
        {
            Add<TWide>(a5, b5, sums + (5 * TWide.Value * Lanes));
        }

        if (TChannels.Value > 6)
        {
            Add<TWide>(a6, b6, sums + (6 * TWide.Value * Lanes));
        }

        if (TChannels.Value > 7)
        {
            Add<TWide>(a7, b7, sums + (7 * TWide.Value * Lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TWide>(TLanes a, TLanes b, float* sums)
        where TWide : struct, ICount
    {
        (TLanes.Load(sums) + a).Store(sums);
        if (TWide.Value > 1)
        {
            (TLanes.Load(sums + Rows.Lanes) + b).Store(sums + Rows.Lanes);
        }
    }
}
