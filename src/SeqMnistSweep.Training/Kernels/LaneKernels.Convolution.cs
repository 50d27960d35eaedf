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

/// <content>A direct convolution. As many positions times blocks of output channels as the registers hold are summed in them, while every
/// weight is loaded once and every input broadcast: with 512 bits 24 multiply-adds for 14 loads, with 256 bits 12 for 8. An output's sum
/// runs over (block, tap, channel) in this order whatever the tile, so results depend neither on the width nor on how positions fall into
/// tiles.</content>
internal sealed unsafe partial class LaneKernels<TLanes>
{
    public override void Convolve(in Convolution convolution, int positions, int stride, int wide)
    {
        delegate*<in Convolution, int, void> run = (stride, wide) switch
        {
            (1, 2) => &ConvolveTile<N1, N2>,
            (2, 2) => &ConvolveTile<N2, N2>,
            (1, 1) => &ConvolveTile<N1, N1>,
            _ => &ConvolveTile<N2, N1>,
        };

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
            run(part, count);
            done += count;
        }
    }

    private static void ConvolveTile<TStride, TWide>(in Convolution convolution, int positions)
        where TStride : struct, ICount
        where TWide : struct, ICount
    {
        delegate*<in Convolution, void> tile = positions switch
        {
            1 => &ConvolutionTile<N1, TStride, TWide>,
            2 => &ConvolutionTile<N2, TStride, TWide>,
            3 => &ConvolutionTile<N3, TStride, TWide>,
            4 => &ConvolutionTile<N4, TStride, TWide>,
            5 => &ConvolutionTile<N5, TStride, TWide>,
            6 => &ConvolutionTile<N6, TStride, TWide>,
            7 => &ConvolutionTile<N7, TStride, TWide>,
            8 => &ConvolutionTile<N8, TStride, TWide>,
            9 => &ConvolutionTile<N9, TStride, TWide>,
            10 => &ConvolutionTile<N10, TStride, TWide>,
            11 => &ConvolutionTile<N11, TStride, TWide>,
            _ => &ConvolutionTile<N12, TStride, TWide>,
        };
        tile(convolution);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvolutionTile<TPositions, TStride, TWide>(in Convolution convolution)
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
                    Sum<TPositions, TStride, TWide>(0, x, w, v, ref a0, ref b0);
                    Sum<TPositions, TStride, TWide>(1, x, w, v, ref a1, ref b1);
                    Sum<TPositions, TStride, TWide>(2, x, w, v, ref a2, ref b2);
                    Sum<TPositions, TStride, TWide>(3, x, w, v, ref a3, ref b3);
                    Sum<TPositions, TStride, TWide>(4, x, w, v, ref a4, ref b4);
                    Sum<TPositions, TStride, TWide>(5, x, w, v, ref a5, ref b5);
                    Sum<TPositions, TStride, TWide>(6, x, w, v, ref a6, ref b6);
                    Sum<TPositions, TStride, TWide>(7, x, w, v, ref a7, ref b7);
                    Sum<TPositions, TStride, TWide>(8, x, w, v, ref a8, ref b8);
                    Sum<TPositions, TStride, TWide>(9, x, w, v, ref a9, ref b9);
                    Sum<TPositions, TStride, TWide>(10, x, w, v, ref a10, ref b10);
                    Sum<TPositions, TStride, TWide>(11, x, w, v, ref a11, ref b11);
                    x++;
                }
                while (x < end);
            }

            block += inputBlock;
        }

        var output = (float*)convolution.Output;
        var row = convolution.OutputRow;
        var outputBlock = convolution.OutputBlock;
        Store<TPositions, TWide>(0, a0, b0, output, row, outputBlock);
        Store<TPositions, TWide>(1, a1, b1, output, row, outputBlock);
        Store<TPositions, TWide>(2, a2, b2, output, row, outputBlock);
        Store<TPositions, TWide>(3, a3, b3, output, row, outputBlock);
        Store<TPositions, TWide>(4, a4, b4, output, row, outputBlock);
        Store<TPositions, TWide>(5, a5, b5, output, row, outputBlock);
        Store<TPositions, TWide>(6, a6, b6, output, row, outputBlock);
        Store<TPositions, TWide>(7, a7, b7, output, row, outputBlock);
        Store<TPositions, TWide>(8, a8, b8, output, row, outputBlock);
        Store<TPositions, TWide>(9, a9, b9, output, row, outputBlock);
        Store<TPositions, TWide>(10, a10, b10, output, row, outputBlock);
        Store<TPositions, TWide>(11, a11, b11, output, row, outputBlock);
    }

    /// <summary>One input times the weights of one tap and channel, where the tile has that position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sum<TPositions, TStride, TWide>(int position, float* x, TLanes w, TLanes v, ref TLanes a, ref TLanes b)
        where TPositions : struct, ICount
        where TStride : struct, ICount
        where TWide : struct, ICount
    {
        if (position >= TPositions.Value) return;

        var s = TLanes.All(x[position * TStride.Value * Rows.Lanes]);
        a = TLanes.MultiplyAdd(w, s, a);
        b = TWide.Value == 1 ? b : TLanes.MultiplyAdd(v, s, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TPositions, TWide>(int position, TLanes a, TLanes b, float* output, nint row, nint block)
        where TPositions : struct, ICount
        where TWide : struct, ICount
    {
        if (position >= TPositions.Value) return;

        output += position * row;
        a.Store(output);
        if (TWide.Value > 1)
        {
            b.Store(output + block);
        }
    }
}
