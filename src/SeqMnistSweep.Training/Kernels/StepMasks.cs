namespace SeqMnistSweep.Training.Kernels;

/// <summary>Dropout of one training step; the default drops nothing.</summary>
/// <param name="Seed">Of the step. The layers' seeds derive from it.</param>
internal readonly record struct StepMasks(double InputRate, double HiddenRate, ulong Seed)
{
    public const int InputLayer = -1;

    public MaskRule Input => new(InputRate, SeedOf(InputLayer));

    public MaskRule Of(int layer) => new(HiddenRate, SeedOf(layer));

    public ulong SeedOf(int layer) => RandomSeed.Mix(Seed ^ unchecked((ulong)layer));
}

/// <summary>Dropout of one layer in one step, see <see cref="DropoutMask"/>. A rate of 0 keeps everything.</summary>
internal readonly record struct MaskRule(double Rate, ulong Seed)
{
    public float Scale => Rate > 0 ? DropoutMask.Scale(Rate) : 1;
}
