namespace SeqMnistSweep.Training.Networks;

/// <summary>Starting values, distributed as the reference's: PyTorch's default U(-1/sqrt(fan in), 1/sqrt(fan in)) for weights and biases, g
/// = |v|, and N(0, 0.01) for the 1x1 residual convolution alone (the reference's N(0, 0.01) does not survive its weight norm elsewhere).
/// Every parameter has its own stream, named after it, so a value depends on nothing but the seed, the name and the shape.</summary>
internal static class Initialisation
{
    /// <returns>Values of the whole buffer.</returns>
    public static float[] Values(TcnShape shape, IReadOnlyList<ParameterSlot> slots, long seed)
    {
        var values = new float[slots[^1].Offset + slots[^1].Count];
        var byName = slots.ToDictionary(slot => slot.Name);
        foreach (var slot in slots.Where(slot => !slot.Name.EndsWith("weight_g", StringComparison.Ordinal)))
        {
            var random = new SplitMix64(RandomSeed.Derive(seed, "init/" + slot.Name));
            var target = values.AsSpan(slot.Offset, slot.Count);
            if (slot.Name.EndsWith("downsample.weight", StringComparison.Ordinal))
            {
                Normal(target, ref random, 0.01);
            }
            else
            {
                Uniform(target, ref random, 1 / Math.Sqrt(FanIn(slot)));
            }
        }

        foreach (var g in slots.Where(slot => slot.Name.EndsWith("weight_g", StringComparison.Ordinal)))
        {
            var v = byName[g.Name[..^1] + "v"];
            Norms(values.AsSpan(v.Offset, v.Count), values.AsSpan(g.Offset, g.Count));
        }

        return values;

        // A bias has the bound of its layer's weight.
        long FanIn(ParameterSlot slot)
        {
            if (slot.Shape.Length > 1)
            {
                return slot.Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
            }

            var layer = slot.Name[..^"bias".Length];
            return FanIn(byName.TryGetValue(layer + "weight_v", out var v) ? v : byName[layer + "weight"]);
        }
    }

    private static void Uniform(Span<float> target, ref SplitMix64 random, double bound)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (float)(((2 * random.NextUnit()) - 1) * bound);
        }
    }

    /// <summary>Marsaglia's polar method; the second value of each pair is dropped to keep it simple.</summary>
    private static void Normal(Span<float> target, ref SplitMix64 random, double deviation)
    {
        for (var i = 0; i < target.Length; i++)
        {
            double x, square;
            do
            {
                x = (2 * random.NextUnit()) - 1;
                var y = (2 * random.NextUnit()) - 1;
                square = (x * x) + (y * y);
            }
            while (square is >= 1 or 0);

            target[i] = (float)(deviation * x * Math.Sqrt(-2 * ExactMath.Log(square) / square));
        }
    }

    private static void Norms(ReadOnlySpan<float> v, Span<float> g)
    {
        var row = v.Length / g.Length;
        for (var o = 0; o < g.Length; o++)
        {
            var sum = 0.0;
            foreach (var value in v.Slice(o * row, row))
            {
                sum += (double)value * value;
            }

            g[o] = (float)Math.Sqrt(sum);
        }
    }
}
