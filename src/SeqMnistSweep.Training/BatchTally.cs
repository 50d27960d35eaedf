using SeqMnistSweep.Training.Kernels;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>
/// Loss and hits summed over batches, in double and in the order of the batches. A GPU's numbers are read in groups, because
/// each reading waits for the device; the sums are the same.
/// </summary>
internal sealed class BatchTally(bool readAtOnce) : IDisposable
{
    private const int GroupSize = 16;

    private readonly List<(Tensor Numbers, int Images)> _unread = [];

    /// <summary>Sum over the images of their loss, of the batches read so far.</summary>
    public double LossSum { get; private set; }

    public long Correct { get; private set; }

    public long Images { get; private set; }

    public double Loss => Images == 0 ? 0 : LossSum / Images;

    public double Accuracy => Images == 0 ? 0 : (double)Correct / Images;

    /// <summary>False once a loss that was read is NaN or infinite.</summary>
    public bool IsFinite => double.IsFinite(LossSum);

    public void Restore(double lossSum, long correct, long images) => (LossSum, Correct, Images) = (lossSum, correct, images);

    /// <param name="loss">The batch's mean loss.</param>
    /// <param name="logProbabilities">[batch, 10].</param>
    public void Add(Tensor loss, Tensor logProbabilities, Tensor labels)
    {
        var hits = logProbabilities.detach().argmax(1).eq(labels).sum();
        var numbers = stack([loss.detach().to_type(ScalarType.Float64), hits.to_type(ScalarType.Float64)]);
        _unread.Add((numbers.DetachFromDisposeScope(), (int)labels.shape[0]));
        if (readAtOnce || _unread.Count == GroupSize)
        {
            Read();
        }
    }

    public void Add(BatchSums sums, int images)
    {
        LossSum += sums.Loss;
        Correct += sums.Correct;
        Images += images;
    }

    public void Read()
    {
        foreach (var (numbers, images) in _unread)
        {
            using var onHost = numbers.cpu();
            var values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(onHost.bytes);
            LossSum += values[0] * images;
            Correct += (long)values[1];
            Images += images;
            numbers.Dispose();
        }

        _unread.Clear();
    }

    public void Dispose()
    {
        foreach (var (numbers, _) in _unread)
        {
            numbers.Dispose();
        }

        _unread.Clear();
    }
}
