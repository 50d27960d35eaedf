using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Networks;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Tests.Networks;

/// <summary>Dropout by its definition, one element after the other: the oracle of the kernels.</summary>
internal static class PlainMask
{
    public static float[] Of(long count, double rate, ulong seed)
    {
        var mask = new float[count];
        for (var i = 0; i < mask.Length; i++)
        {
            var bits = (ushort)(DropoutMask.Number(DropoutMask.Counter(seed, (ulong)(i / 4)), 0) >> (16 * (i % 4)));
            mask[i] = bits >= DropoutMask.Threshold(rate) ? DropoutMask.Scale(rate) : 0;
        }

        return mask;
    }

    /// <summary>What <see cref="Training.Torch.LastStepForward"/> takes: activations [batch, channels, 1, time], with the kernels' masks.</summary>
    public static Tensor Apply(Tensor h, int layer, StepMasks masks)
    {
        var rule = layer == StepMasks.InputLayer ? masks.Input : masks.Of(layer);
        if (rule.Rate == 0)
        {
            return h;
        }

        // In memory [batch, time, channels], with channels filled up to a multiple of 16: the order in which elements are counted.
        var (batch, channels, time) = (h.shape[0], h.shape[1], h.shape[3]);
        var lanes = Rows.BlocksOf((int)channels) * Rows.Lanes;
        return h * tensor(Of(batch * lanes * time, rule.Rate, rule.Seed)).view(batch, 1, time, lanes).narrow(3, 0, channels).permute(0, 3, 1, 2);
    }
}
