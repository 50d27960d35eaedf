using System.Numerics;

namespace SeqMnistSweep.Datasets;

/// <summary>MT19937 (Matsumoto and Nishimura 1998) seeded by init_genrand, as numpy's RandomState does for an integer seed.</summary>
internal sealed class MersenneTwister
{
    private const int Words = 624;
    private const int Shift = 397;

    private readonly uint[] _state = new uint[Words];
    private int _next = Words;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Words; i++)
        {
            _state[i] = unchecked((1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i);
        }
    }

    public uint Next()
    {
        if (_next == Words)
        {
            Refill();
        }

        var value = _state[_next++];
        value ^= value >> 11;
        value ^= (value << 7) & 0x9d2c5680u;
        value ^= (value << 15) & 0xefc60000u;
        return value ^ (value >> 18);
    }

    /// <summary>Uniform in 0 .. max by numpy's legacy rule: mask to the next power of two, throw away what is too large.</summary>
    public uint NextUpTo(uint max)
    {
        if (max == 0) return 0;

        var mask = uint.MaxValue >> BitOperations.LeadingZeroCount(max);
        uint value;
        do
        {
            value = Next() & mask;
        }
        while (value > max);
        return value;
    }

    private void Refill()
    {
        for (var i = 0; i < Words; i++)
        {
            var joined = (_state[i] & 0x80000000u) | (_state[(i + 1) % Words] & 0x7fffffffu);
            var odd = (joined & 1) == 0 ? 0u : 0x9908b0dfu;
            _state[i] = _state[(i + Shift) % Words] ^ (joined >> 1) ^ odd;
        }

        _next = 0;
    }
}
