namespace SeqMnistSweep.Training;

/// <summary>The order of the training images in one epoch.</summary>
internal static class EpochOrder
{
    /// <summary>Fisher and Yates' shuffle of 0 .. count-1, a function of the trial's seed and the epoch.</summary>
    public static long[] Shuffled(int count, long seed, int epoch)
    {
        var random = new SplitMix64(RandomSeed.Derive(seed, "shuffle", epoch));
        var order = new long[count];
        for (var i = 0; i < count; i++)
        {
            var j = (int)Math.BigMul(random.Next(), (ulong)(i + 1), out _);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }
}
