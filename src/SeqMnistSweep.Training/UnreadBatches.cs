using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>What the device knows of the last batches and the host does not. It is read of several batches together, for each reading waits
/// for the device: a loss that is not finite shows after at most <see cref="Together"/> - 1 further steps.</summary>
/// <param name="read">Copies a tensor of float64 to the host.</param>
internal sealed class UnreadBatches(Func<Tensor, double[]> read) : IDisposable
{
    /// <summary>Batches to a reading.</summary>
    public const int Together = 16;

    private readonly List<(Tensor Numbers, int Images, BatchTally Tally)> _batches = [];

    /// <param name="numbers">[2], float64: mean loss and hits. Becomes this object's.</param>
    public void Add(Tensor numbers, int images, BatchTally tally)
    {
        _batches.Add((numbers.DetachFromDisposeScope(), images, tally));
        if (_batches.Count == Together)
        {
            Settle();
        }
    }

    /// <summary>Brings all of it into the tallies, by one copy.</summary>
    public void Settle()
    {
        if (_batches.Count == 0) return;

        using var stacked = stack(_batches.Select(batch => batch.Numbers));
        var values = read(stacked);
        for (var i = 0; i < _batches.Count; i++)
        {
            var (numbers, images, tally) = _batches[i];
            tally.Add(values[2 * i] * images, (long)values[(2 * i) + 1], images);
            numbers.Dispose();
        }

        _batches.Clear();
    }

    public void Dispose()
    {
        foreach (var (numbers, _, _) in _batches)
        {
            numbers.Dispose();
        }
    }
}
