namespace SeqMnistSweep.Training.Kernels;

/// <summary>Dropout of one training step; the default drops nothing.</summary>
/// <param name="Seed">Of the step. The layers' seeds derive from it.</param>
internal readonly record struct StepMasks(double InputRate, double HiddenRate, ulong Seed)
{
    private const int InputLayer = -1;

    public MaskRule Input => new(InputRate, RandomSeed.Mix(Seed ^ unchecked((ulong)InputLayer)));

    public MaskRule Of(int layer) => new(HiddenRate, RandomSeed.Mix(Seed ^ (ulong)layer));
}
