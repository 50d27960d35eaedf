namespace SeqMnistSweep.Training;

/// <summary>Loss and hits summed over batches, in double and in the order of the batches.</summary>
internal sealed class BatchTally
{
    /// <summary>Sum over the images of their loss.</summary>
    public double LossSum { get; private set; }

    public long Correct { get; private set; }

    public long Images { get; private set; }

    public double Loss => Images == 0 ? 0 : LossSum / Images;

    public double Accuracy => Images == 0 ? 0 : (double)Correct / Images;

    /// <summary>False once a loss is NaN or infinite.</summary>
    public bool IsFinite => double.IsFinite(LossSum);

    public void Restore(double lossSum, long correct, long images) => (LossSum, Correct, Images) = (lossSum, correct, images);

    public void Add(double lossSum, long correct, int images)
    {
        LossSum += lossSum;
        Correct += correct;
        Images += images;
    }
}
