namespace SeqMnistSweep.Sampling.Sobol;

/// <summary>Sobol's low-discrepancy points with the direction numbers of Joe and Kuo (2008, new-joe-kuo-6), in the order of their Gray
/// codes as their own program gives them. The file beside has the numbers for dimensions 2 to 256 in its published form: d, s, a, m_1 ..
/// m_s.</summary>
internal static class SobolSequence
{
    public const int MaxDimensions = 256;

    private const int Bits = 52;

    private static readonly Lazy<ImmutableArray<ulong[]>> Directions = new(Read);

    /// <param name="number">From 0.</param>
    /// <returns>In [0, 1), a multiple of 2^-52.</returns>
    public static double At(long number, int dimension) => Point(number, dimension) * (1.0 / (1UL << Bits));

    /// <summary>The point after nested uniform scrambling (Owen 1995): each binary digit is flipped or not by chance, by a chance for each
    /// value of the digits before it.</summary>
    public static double Scrambled(long number, int dimension, long seed)
    {
        var point = Point(number, dimension);
        var chance = RandomSeed.Derive(seed, "sobol", dimension);
        var scrambled = 0UL;
        for (var bit = Bits - 1; bit >= 0; bit--)
        {
            var before = bit == Bits - 1 ? 0 : point >> (bit + 1);
            var flip = RandomSeed.Mix(chance ^ RandomSeed.Mix(before + ((ulong)bit << 56))) & 1;
            scrambled |= ((point >> bit & 1) ^ flip) << bit;
        }

        return scrambled * (1.0 / (1UL << Bits));
    }

    private static ulong Point(long number, int dimension)
    {
        var directions = Directions.Value[dimension];
        var gray = (ulong)(number ^ (number >> 1));
        var point = 0UL;
        for (var bit = 0; bit < Bits && gray >> bit != 0; bit++)
        {
            if ((gray >> bit & 1) != 0)
            {
                point ^= directions[bit];
            }
        }

        return point;
    }

    private static ImmutableArray<ulong[]> Read()
    {
        using var stream = typeof(SobolSequence).Assembly.GetManifestResourceStream("joe-kuo.txt")!;
        using var reader = new StreamReader(stream);
        var all = ImmutableArray.CreateBuilder<ulong[]>();
        all.Add([.. Enumerable.Range(1, Bits).Select(bit => 1UL << (Bits - bit))]);
        while (reader.ReadLine() is { } line)
        {
            var numbers = line.Split(' ').Select(word => ulong.Parse(word, CultureInfo.InvariantCulture)).ToList();
            all.Add(Directed((int)numbers[1], numbers[2], numbers[3..]));
        }

        return all.ToImmutable();
    }

    /// <summary>The recurrence of the dimension's primitive polynomial.</summary>
    private static ulong[] Directed(int degree, ulong coefficients, List<ulong> first)
    {
        var v = new ulong[Bits];
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = first[i] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
            {
                if ((coefficients >> (degree - 1 - k) & 1) != 0)
                {
                    v[i] ^= v[i - k];
                }
            }
        }

        return v;
    }
}
