using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>One convolution over a run of positions of one image, for one group of output channels (see <see cref="ChannelGroup"/>).
/// Addresses are of floats.</summary>
/// <param name="Input">Where the first position reads its first tap.</param>
/// <param name="InputBlock">Floats from one block of 16 input channels to the next.</param>
/// <param name="Weights">The group's weights, [input block][tap][channel][lane], as <see cref="WeightLayout"/> lays them out.</param>
/// <param name="Bias">Of the group's lanes; 0 for none.</param>
/// <param name="OutputBlock">Floats from one block of 16 output channels to the next.</param>
/// <param name="OutputRow">Floats from one position's output to the next.</param>
internal readonly record struct Convolution(
    nint Input, nint InputBlock, int Channels, int Taps, nint Weights, nint Bias, nint Output, nint OutputBlock, nint OutputRow);

/// <summary>
/// A direct convolution. As many positions times blocks of output channels as the registers hold are summed in them, while every weight is
/// loaded once and every input broadcast: with 512 bits 24 multiply-adds for 14 loads, with 256 bits 12 for 8. An output's sum runs over
/// (block, tap, channel) in this order whatever the tile, so results depend neither on the width nor on how positions fall into tiles.
/// </summary>
internal static unsafe class ConvolutionKernel<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <param name="stride">Input rows from one position to the next: 1 or 2.</param>
    /// <param name="wide">Blocks of 16 output channels: 1 or 2.</param>
    public static void Run(in Convolution convolution, int positions, int stride, int wide)
    {
        // Tiles as even as possible: a small last one would wait for its multiply-adds.
        var tiles = (positions + TLanes.Positions - 1) / TLanes.Positions;
        var done = 0;
        for (var tile = 0; tile < tiles; tile++)
        {
            var count = (positions - done) / (tiles - tile);
            var part = convolution with
            {
                Input = convolution.Input + ((nint)done * stride * Rows.Lanes * sizeof(float)),
                Output = convolution.Output + (done * convolution.OutputRow * sizeof(float)),
            };
            switch (stride, wide)
            {
                case (1, 2):
                    Sized<N1, N2>(part, count);
                    break;
                case (2, 2):
                    Sized<N2, N2>(part, count);
                    break;
                case (1, 1):
                    Sized<N1, N1>(part, count);
                    break;
                default:
                    Sized<N2, N1>(part, count);
                    break;
            }

            done += count;
        }
    }

    private static void Sized<TStride, TWide>(in Convolution convolution, int positions)
        where TStride : struct, ICount
        where TWide : struct, ICount
    {
        switch (positions)
        {
            case 1:
                Tile<N1, TStride, TWide>(convolution);
                break;
            case 2:
                Tile<N2, TStride, TWide>(convolution);
                break;
            case 3:
                Tile<N3, TStride, TWide>(convolution);
                break;
            case 4:
                Tile<N4, TStride, TWide>(convolution);
                break;
            case 5:
                Tile<N5, TStride, TWide>(convolution);
                break;
            case 6:
                Tile<N6, TStride, TWide>(convolution);
                break;
            case 7:
                Tile<N7, TStride, TWide>(convolution);
                break;
            case 8:
                Tile<N8, TStride, TWide>(convolution);
                break;
            case 9:
                Tile<N9, TStride, TWide>(convolution);
                break;
            case 10:
                Tile<N10, TStride, TWide>(convolution);
                break;
            case 11:
                Tile<N11, TStride, TWide>(convolution);
                break;
            default:
                Tile<N12, TStride, TWide>(convolution);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<TPositions, TStride, TWide>(in Convolution convolution)
        where TPositions : struct, ICount
        where TStride : struct, ICount
        where TWide : struct, ICount
    {
        var taps = convolution.Taps;
        var weights = (float*)convolution.Weights;
        var block = (float*)convolution.Input;
        var inputBlock = convolution.InputBlock;
        var bias = (float*)convolution.Bias;
        var first = bias is null ? default(TLanes) : TLanes.Load(bias);
        var second = bias is null || TWide.Value == 1 ? default(TLanes) : TLanes.Load(bias + Rows.Lanes);
        TLanes a0 = first, a1 = first, a2 = first, a3 = first, a4 = first, a5 = first, a6 = first, a7 = first, a8 = first, a9 = first, a10
            = first, a11 = first;
        TLanes b0 = second, b1 = second, b2 = second, b3 = second, b4 = second, b5 = second, b6 = second, b7 = second, b8 = second, b9
            = second, b10 = second, b11 = second;
        for (var left = convolution.Channels; left > 0; left -= Rows.Lanes)
        {
            var channels = Math.Min(left, Rows.Lanes);
            for (var tap = 0; tap < taps; tap++)
            {
                var x = block + (tap * Rows.Lanes);
                var end = x + channels;
                do
                {
                    var w = TLanes.Load(weights);
                    var v = TWide.Value == 1 ? default(TLanes) : TLanes.Load(weights + Rows.Lanes);
                    weights += TWide.Value * Rows.Lanes;
                    var s = TLanes.All(x[0]);
                    a0 = TLanes.MultiplyAdd(w, s, a0);
                    b0 = TWide.Value == 1 ? b0 : TLanes.MultiplyAdd(v, s, b0);
                    if (TPositions.Value > 1)
                    {
                        s = TLanes.All(x[1 * TStride.Value * Rows.Lanes]);
                        a1 = TLanes.MultiplyAdd(w, s, a1);
                        b1 = TWide.Value == 1 ? b1 : TLanes.MultiplyAdd(v, s, b1);
                    }

                    if (TPositions.Value > 2)
                    {
                        s = TLanes.All(x[2 * TStride.Value * Rows.Lanes]);
                        a2 = TLanes.MultiplyAdd(w, s, a2);
                        b2 = TWide.Value == 1 ? b2 : TLanes.MultiplyAdd(v, s, b2);
                    }

                    if (TPositions.Value > 3)
                    {
                        s = TLanes.All(x[3 * TStride.Value * Rows.Lanes]);
                        a3 = TLanes.MultiplyAdd(w, s, a3);
                        b3 = TWide.Value == 1 ? b3 : TLanes.MultiplyAdd(v, s, b3);
                    }

                    if (TPositions.Value > 4)
                    {
                        s = TLanes.All(x[4 * TStride.Value * Rows.Lanes]);
                        a4 = TLanes.MultiplyAdd(w, s, a4);
                        b4 = TWide.Value == 1 ? b4 : TLanes.MultiplyAdd(v, s, b4);
                    }

                    if (TPositions.Value > 5)
                    {
                        s = TLanes.All(x[5 * TStride.Value * Rows.Lanes]);
                        a5 = TLanes.MultiplyAdd(w, s, a5);
                        b5 = TWide.Value == 1 ? b5 : TLanes.MultiplyAdd(v, s, b5);
                    }

                    if (TPositions.Value > 6)
                    {
                        s = TLanes.All(x[6 * TStride.Value * Rows.Lanes]);
                        a6 = TLanes.MultiplyAdd(w, s, a6);
                        b6 = TWide.Value == 1 ? b6 : TLanes.MultiplyAdd(v, s, b6);
                    }

                    if (TPositions.Value > 7)
                    {
                        s = TLanes.All(x[7 * TStride.Value * Rows.Lanes]);
                        a7 = TLanes.MultiplyAdd(w, s, a7);
                        b7 = TWide.Value == 1 ? b7 : TLanes.MultiplyAdd(v, s, b7);
                    }

                    if (TPositions.Value > 8)
                    {
                        s = TLanes.All(x[8 * TStride.Value * Rows.Lanes]);
                        a8 = TLanes.MultiplyAdd(w, s, a8);
                        b8 = TWide.Value == 1 ? b8 : TLanes.MultiplyAdd(v, s, b8);
                    }

                    if (TPositions.Value > 9)
                    {
                        s = TLanes.All(x[9 * TStride.Value * Rows.Lanes]);
                        a9 = TLanes.MultiplyAdd(w, s, a9);
                        b9 = TWide.Value == 1 ? b9 : TLanes.MultiplyAdd(v, s, b9);
                    }

                    if (TPositions.Value > 10)
                    {
                        s = TLanes.All(x[10 * TStride.Value * Rows.Lanes]);
                        a10 = TLanes.MultiplyAdd(w, s, a10);
                        b10 = TWide.Value == 1 ? b10 : TLanes.MultiplyAdd(v, s, b10);
                    }

                    if (TPositions.Value > 11)
                    {
                        s = TLanes.All(x[11 * TStride.Value * Rows.Lanes]);
                        a11 = TLanes.MultiplyAdd(w, s, a11);
                        b11 = TWide.Value == 1 ? b11 : TLanes.MultiplyAdd(v, s, b11);
                    }

                    x++;
                }
                while (x < end);
            }

            block += inputBlock;
        }

        var output = (float*)convolution.Output;
        var row = convolution.OutputRow;
        var outputBlock = convolution.OutputBlock;
        Store<TWide>(a0, b0, output, outputBlock);
        if (TPositions.Value > 1)
        {
            Store<TWide>(a1, b1, output + (1 * row), outputBlock);
        }

        if (TPositions.Value > 2)
        {
            Store<TWide>(a2, b2, output + (2 * row), outputBlock);
        }

        if (TPositions.Value > 3)
        {
            Store<TWide>(a3, b3, output + (3 * row), outputBlock);
        }

        if (TPositions.Value > 4)
        {
            Store<TWide>(a4, b4, output + (4 * row), outputBlock);
        }

        if (TPositions.Value > 5)
        {
            Store<TWide>(a5, b5, output + (5 * row), outputBlock);
        }

        if (TPositions.Value > 6)
        {
            Store<TWide>(a6, b6, output + (6 * row), outputBlock);
        }

        if (TPositions.Value > 7)
        {
            Store<TWide>(a7, b7, output + (7 * row), outputBlock);
        }

        if (TPositions.Value > 8)
        {
            Store<TWide>(a8, b8, output + (8 * row), outputBlock);
        }

        if (TPositions.Value > 9)
        {
            Store<TWide>(a9, b9, output + (9 * row), outputBlock);
        }

        if (TPositions.Value > 10)
        {
            Store<TWide>(a10, b10, output + (10 * row), outputBlock);
        }

        if (TPositions.Value > 11)
        {
            Store<TWide>(a11, b11, output + (11 * row), outputBlock);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TWide>(TLanes a, TLanes b, float* output, nint block)
        where TWide : struct, ICount
    {
        a.Store(output);
        if (TWide.Value > 1)
        {
            b.Store(output + block);
        }
    }
}
