namespace SeqMnistSweep.Training.Kernels;

/// <summary>Which positions of one residual block are computed when only the network's last output is read. Positions are steps of the
/// block's input, which is thinned out to every 2^i-th time step. The second convolution steps by two over the first one's
/// outputs.</summary>
/// <param name="Length">Steps of the input.</param>
/// <param name="First">The first step at which the first convolution is computed.</param>
/// <param name="Positions">How many steps it is computed at, to the last one.</param>
/// <param name="Skip">Of those, the index of the first one at which the second convolution is computed.</param>
/// <param name="Outputs">How many steps that is computed at.</param>
internal readonly record struct BlockGeometry(int Length, int First, int Positions, int Skip, int Outputs)
{
    public static BlockGeometry[] Of(int levels, int taps, int length)
    {
        var blocks = new BlockGeometry[levels];
        for (var i = 0; i < levels - 1; i++)
        {
            blocks[i] = new BlockGeometry(length, 0, length, (length - 1) % 2, (length + 1) / 2);
            length = blocks[i].Outputs;
        }

        // The last block's one output reads the last k outputs of its first convolution.
        var positions = Math.Min(length, taps);
        blocks[^1] = new BlockGeometry(length, length - positions, positions, positions - 1, 1);
        return blocks;
    }
}
