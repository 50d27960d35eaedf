namespace SeqMnistSweep.Training.Kernels;

/// <summary>Dropout of one layer in one step, see <see cref="DropoutMask"/>. A rate of 0 keeps everything.</summary>
internal readonly record struct MaskRule(double Rate, ulong Seed)
{
    public float Scale => Rate > 0 ? DropoutMask.Scale(Rate) : 1;
}
