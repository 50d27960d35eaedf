using System.Runtime.Intrinsics;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests.Kernels;

public sealed class FusedMultiplyAddTests
{
    /// <summary>Any bits at all, and neighbours of each other's products: where one rounding and two differ.</summary>
    [Fact]
    public void A_multiply_add_of_plain_operations_is_the_fused_one()
    {
        var random = new SplitMix64(5);
        for (var i = 0; i < 2_000_000; i++)
        {
            var (bits, more) = (random.Next(), random.Next());
            var (a, b) = (BitConverter.UInt32BitsToSingle((uint)bits), BitConverter.UInt32BitsToSingle((uint)(bits >> 32)));
            var c = (more & 3) switch
            {
                0 => BitConverter.UInt32BitsToSingle((uint)(more >> 32)),
                1 => -(a * b),
                2 => MathF.ScaleB(a * b, (int)((more >> 8) % 60) - 30),
                _ => MathF.ScaleB(1 + (((more >> 8) % 3) * 1.1920929e-7f), (int)((more >> 16) % 80) - 40) * (((more >> 40) & 1) == 0 ? 1 : -1),
            };
            var expected = MathF.FusedMultiplyAdd(a, b, c);
            var inVectors = Lanes128.PlainMultiplyAdd(Vector128.Create(0, 1, a, 0), Vector128.Create(0, 1, b, 0), Vector128.Create(0, 1, c, 0));
            foreach (var actual in new[] { FusedMultiplyAdd.Plain(a, b, c), inVectors[2] })
            {
                // The message is made only when it is needed: writing twelve million numbers took longer than comparing them.
                if (float.IsNaN(expected) ? !float.IsNaN(actual) : BitConverter.SingleToInt32Bits(expected) != BitConverter.SingleToInt32Bits(actual))
                {
                    Assert.Fail($"{a:R} * {b:R} + {c:R} is {expected:R}, not {actual:R}");
                }
            }
        }
    }
}
