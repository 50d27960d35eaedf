using System.Runtime.CompilerServices;

namespace SeqMnistSweep.Training.Kernels;

/// <summary>Output channels that are computed together: as many blocks of 16 as the kernels take at once, or the rest of them.</summary>
internal readonly record struct ChannelGroup(int Block, int Wide);

/// <summary>The order of one convolution's weights for the kernels: [group of output channels][block of input channels][tap][input
/// channel][lane]. An entry of <see cref="Map"/> is the weight's index in a tensor [out, in, k], or -1 for a lane without a
/// channel.</summary>
internal sealed class WeightLayout
{
    private WeightLayout(int inputs, int outputs, int taps, int together, Func<int, int, int, int> index)
    {
        (Inputs, Outputs, Taps) = (inputs, outputs, taps);
        var blocks = Rows.BlocksOf(outputs);
        Groups = [.. Enumerable.Range(0, blocks).Chunk(together).Select(chunk => new ChannelGroup(chunk[0], chunk.Length))];
        Map = new int[blocks * Rows.Lanes * inputs * taps];
        var at = 0;
        foreach (var group in Groups)
        {
            for (var block = 0; block < inputs; block += Rows.Lanes)
            {
                for (var tap = 0; tap < taps; tap++)
                {
                    for (var input = block; input < Math.Min(block + Rows.Lanes, inputs); input++)
                    {
                        for (var output = group.Block * Rows.Lanes; output < (group.Block + group.Wide) * Rows.Lanes; output++)
                        {
                            Map[at++] = output < outputs ? index(output, input, tap) : -1;
                        }
                    }
                }
            }
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    public int Taps { get; }

    public IReadOnlyList<ChannelGroup> Groups { get; }

    public int[] Map { get; }

    /// <summary>A convolution as it is.</summary>
    /// <param name="together">Blocks of output channels that the kernels take at once.</param>
    public static WeightLayout Forward(int inputs, int outputs, int taps, int together) =>
        new(inputs, outputs, taps, together, (output, input, tap) => (((output * inputs) + input) * taps) + tap);

    /// <summary>From a convolution's output gradients to its input gradients: its taps from the last to the first.</summary>
    public static WeightLayout Backward(int inputs, int outputs, int taps, int together) =>
        new(outputs, inputs, taps, together, (input, output, tap) => (((output * inputs) + input) * taps) + taps - 1 - tap);

    /// <summary>The same for a convolution that steps by two: an input meets every other tap, the odd ones or the even ones.</summary>
    /// <param name="parity">Of the taps: 0 or 1.</param>
    public static WeightLayout Backward(int inputs, int outputs, int taps, int together, int parity)
    {
        var last = LastTap(taps, parity);
        return new(outputs, inputs, ((last - parity) / 2) + 1, together,
            (input, output, tap) => (((output * inputs) + input) * taps) + last - (2 * tap));
    }

    /// <summary>The last tap of a parity.</summary>
    public static int LastTap(int taps, int parity) => taps - 1 - ((taps - 1 - parity) & 1);

    /// <summary>Index in the laid-out weights of a group's first one for a block of inputs and a tap.</summary>
    public int Offset(ChannelGroup group, int inputBlock, int tap)
    {
        var channels = Math.Min(Rows.Lanes, Inputs - (inputBlock * Rows.Lanes));
        return (group.Block * Rows.Lanes * Inputs * Taps)
            + (((inputBlock * Rows.Lanes * Taps) + (tap * channels)) * group.Wide * Rows.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(ReadOnlySpan<float> weights, Span<float> packed)
    {
        for (var i = 0; i < Map.Length; i++)
        {
            packed[i] = Map[i] < 0 ? 0 : weights[Map[i]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddUnpacked(ReadOnlySpan<float> packed, Span<float> weights)
    {
        for (var i = 0; i < Map.Length; i++)
        {
            if (Map[i] >= 0)
            {
                weights[Map[i]] += packed[i];
            }
        }
    }
}
