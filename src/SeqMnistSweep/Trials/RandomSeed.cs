using System.Text;

namespace SeqMnistSweep.Trials;

/// <summary>Counter-based randomness: every use of chance has its own 64-bit seed, a hash of what it is for. So nothing needs to be saved
/// to resume a run exactly, and no two uses share a stream. The values are part of the product: changing them changes results.</summary>
public static class RandomSeed
{
    /// <summary>The seed for one purpose within a trial or sampler, by epoch and step where there are several.</summary>
    public static ulong Derive(long seed, string purpose, long epoch = 0, long step = 0)
    {
        var hash = Mix((ulong)seed ^ 0x9E3779B97F4A7C15UL);
        foreach (var unit in Encoding.UTF8.GetBytes(purpose))
        {
            hash = Mix(hash ^ unit);
        }

        hash = Mix(hash ^ (ulong)epoch);
        return Mix(hash ^ (ulong)step);
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood 2014) after adding its increment: a bijection, spreading bits.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}

/// <summary>SplitMix64: a sequence of 64-bit numbers from one seed, equal on every machine.</summary>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next of the sequence.</summary>
    public ulong Next()
    {
        var value = RandomSeed.Mix(_state);
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
        }

        return value;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));
}
