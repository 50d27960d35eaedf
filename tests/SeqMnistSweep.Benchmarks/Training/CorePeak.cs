using System.Diagnostics;
using System.Runtime.CompilerServices;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Benchmarks.Training;

/// <summary>What a core can do at most.</summary>
internal static class CorePeak
{
    private const int Rounds = 20_000;

    /// <summary>How many multiply-adds of single floats this thread makes in a nanosecond when it does nothing else and no memory is involved.</summary>
    /// <param name="length">How long to try.</param>
    public static double MultiplyAdds(KernelWidth width, TimeSpan length) => width.Bits switch
    {
        512 => Measure<Lanes512>(length),
        256 => Measure<Lanes256>(length),
        128 => Measure<Lanes128>(length),
        _ => Measure<PlainLanes>(length),
    };

    private static double Measure<TLanes>(TimeSpan length)
        where TLanes : struct, ILanes<TLanes>
    {
        var (made, start) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < length)
        {
            made += (long)Rounds * Chains<TLanes>.Run() * Rows.Lanes;
        }

        return made / (Stopwatch.GetElapsedTime(start).TotalSeconds * 1e9);
    }

    private static class Chains<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        private static TLanes _sink;

        /// <returns>Vectors of 16 per round.</returns>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public static int Run()
        {
            // Three, six or twelve chains of 16 floats: enough to hide the latency, few enough for the registers.
            TLanes a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5;
            a0 = a1 = a2 = a3 = a4 = a5 = b0 = b1 = b2 = b3 = b4 = b5 = TLanes.All(0.5f);
            var (factor, term) = (TLanes.All(0.999f), TLanes.All(0.001f));
            for (var i = 0; i < Rounds; i++)
            {
                a0 = TLanes.MultiplyAdd(a0, factor, term);
                a1 = TLanes.MultiplyAdd(a1, factor, term);
                a2 = TLanes.MultiplyAdd(a2, factor, term);
                if (TLanes.Positions > 2)
                {
                    a3 = TLanes.MultiplyAdd(a3, factor, term);
                    a4 = TLanes.MultiplyAdd(a4, factor, term);
                    a5 = TLanes.MultiplyAdd(a5, factor, term);
                }

                if (TLanes.Blocks > 1)
                {
                    b0 = TLanes.MultiplyAdd(b0, factor, term);
                    b1 = TLanes.MultiplyAdd(b1, factor, term);
                    b2 = TLanes.MultiplyAdd(b2, factor, term);
                    b3 = TLanes.MultiplyAdd(b3, factor, term);
                    b4 = TLanes.MultiplyAdd(b4, factor, term);
                    b5 = TLanes.MultiplyAdd(b5, factor, term);
                }
            }

            _sink = a0 + a1 + a2 + a3 + a4 + a5 + b0 + b1 + b2 + b3 + b4 + b5;
            return TLanes.Blocks > 1 ? 12 : TLanes.Positions > 2 ? 6 : 3;
        }
    }
}
