using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>Seeded chance.</summary>
internal sealed class Chance(ulong seed)
{
    private SplitMix64 _numbers = new(seed);

    public bool Percent(int percent) => _numbers.Next() % 100 < (ulong)percent;

    /// <summary>Uniform, both ends included.</summary>
    public int Between(int from, int to) => from + (int)(_numbers.Next() % (ulong)((long)to - from + 1));
}
