using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>
/// The gradient of a convolution's weights: products of inputs and output gradients, summed over positions. Up to eight input
/// channels times two vectors of output channels are summed in registers, 16 multiply-adds for 10 loads.
/// </summary>
internal static unsafe class WeightGradientKernel
{
    private const int LargestTile = 8;

    /// <summary>Adds to <paramref name="sums"/> what one block of input channels gives for one tap and one group of output channels.</summary>
    /// <param name="x">What the tap reads at the first position.</param>
    /// <param name="stride">Input rows from one position to the next: 1 or 2.</param>
    /// <param name="gradient">Of the outputs, at the first position.</param>
    /// <param name="gradientBlock">Floats from one block of 16 output channels to the next.</param>
    /// <param name="sums">[channels][wide * 16].</param>
    public static void Run(float* x, int stride, int channels, float* gradient, nint gradientBlock, int positions, int wide, float* sums)
    {
        var tiles = (channels + LargestTile - 1) / LargestTile;
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
        Vector512<float> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = Vector512<float>.Zero;
        for (var i = 0; i < positions; i++)
        {
            var g = Vector512.Load(gradient);
            var h = TWide.Value == 1 ? default : Vector512.Load(gradient + gradientBlock);
            var s = Vector512.Create(x[0]);
            a0 = Avx512F.FusedMultiplyAdd(g, s, a0);
            b0 = TWide.Value == 1 ? b0 : Avx512F.FusedMultiplyAdd(h, s, b0);
            if (TChannels.Value > 1)
            {
                s = Vector512.Create(x[1]);
                a1 = Avx512F.FusedMultiplyAdd(g, s, a1);
                b1 = TWide.Value == 1 ? b1 : Avx512F.FusedMultiplyAdd(h, s, b1);
            }

            if (TChannels.Value > 2)
            {
                s = Vector512.Create(x[2]);
                a2 = Avx512F.FusedMultiplyAdd(g, s, a2);
                b2 = TWide.Value == 1 ? b2 : Avx512F.FusedMultiplyAdd(h, s, b2);
            }

            if (TChannels.Value > 3)
            {
                s = Vector512.Create(x[3]);
                a3 = Avx512F.FusedMultiplyAdd(g, s, a3);
                b3 = TWide.Value == 1 ? b3 : Avx512F.FusedMultiplyAdd(h, s, b3);
            }

            if (TChannels.Value > 4)
            {
                s = Vector512.Create(x[4]);
                a4 = Avx512F.FusedMultiplyAdd(g, s, a4);
                b4 = TWide.Value == 1 ? b4 : Avx512F.FusedMultiplyAdd(h, s, b4);
            }

            if (TChannels.Value > 5)
            {
                s = Vector512.Create(x[5]);
                a5 = Avx512F.FusedMultiplyAdd(g, s, a5);
                b5 = TWide.Value == 1 ? b5 : Avx512F.FusedMultiplyAdd(h, s, b5);
            }

            if (TChannels.Value > 6)
            {
                s = Vector512.Create(x[6]);
                a6 = Avx512F.FusedMultiplyAdd(g, s, a6);
                b6 = TWide.Value == 1 ? b6 : Avx512F.FusedMultiplyAdd(h, s, b6);
            }

            if (TChannels.Value > 7)
            {
                s = Vector512.Create(x[7]);
                a7 = Avx512F.FusedMultiplyAdd(g, s, a7);
                b7 = TWide.Value == 1 ? b7 : Avx512F.FusedMultiplyAdd(h, s, b7);
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
    private static void Add<TWide>(Vector512<float> a, Vector512<float> b, float* sums)
        where TWide : struct, ICount
    {
        (Vector512.Load(sums) + a).Store(sums);
        if (TWide.Value > 1)
        {
            (Vector512.Load(sums + Rows.Lanes) + b).Store(sums + Rows.Lanes);
        }
    }
}
