namespace SeqMnistSweep.Datasets;

/// <summary>The fixed shuffle of permuted sequential MNIST: exactly numpy's <c>RandomState(seed).permutation(length)</c>, so that results
/// compare with the notebook's. numpy promises never to change that legacy stream (NEP 19).</summary>
public static class PixelPermutation
{
    /// <summary>A permutation p of 0 .. length - 1: pixel i of the permuted image is pixel p[i] of the original.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    public static int[] Create(uint seed, int length = ImageSet.Pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var random = new MersenneTwister(seed);
        int[] order = [.. Enumerable.Range(0, length)];
        for (var i = length - 1; i > 0; i--)
        {
            var j = (int)random.NextUpTo((uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
