namespace SeqMnistSweep.Training.Networks;

/// <summary>What fixes the parameters of a temporal convolutional network (Bai, Kolter, Koltun 2018) for ten classes.</summary>
/// <param name="Levels">Residual blocks; block i convolves with dilation 2^i.</param>
/// <param name="KernelSize">Taps of each causal convolution, 2 or more.</param>
/// <param name="Hidden">Channels of every block.</param>
/// <param name="InputChannels">Channels of the sequence.</param>
internal sealed record TcnShape(int Levels, int KernelSize, int Hidden, int InputChannels)
{
    public const int Classes = 10;

    /// <summary>Whether the residual of the first block goes through a 1x1 convolution; elsewhere the channels agree.</summary>
    public bool Downsamples => InputChannels != Hidden;

    public int InputsOf(int block) => block == 0 ? InputChannels : Hidden;
}
