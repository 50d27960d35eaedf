namespace SeqMnistSweep.Training.Kernels;

/// <summary>Memory of one thread for the images that it takes through the whole network at once.</summary>
internal sealed class ChunkMemory : IDisposable
{
    private readonly AlignedMemory _memory;

    public ChunkMemory(IReadOnlyList<BlockKernel> blocks, int images)
    {
        // Two blocks' gradients of inputs or outputs are alive at a time, and one of each kind within a block.
        var largest = blocks.Max(block => new[] { block.InputGradient(0), block.OutputGradient(0) }.Max(rows => rows.ImageSize));
        var (first, second) = (blocks.Max(block => block.Gradient1(0).ImageSize), blocks.Max(block => block.Gradient2(0).ImageSize));
        var last = blocks[^1].OutputGradient(0);
        _memory = new AlignedMemory(images * ((2 * largest) + first + second + last.ImageSize + blocks.Sum(block => block.Input(0).ImageSize + block.Hidden1(0).ImageSize + block.Hidden2(0).ImageSize)));
        var next = _memory.Address;
        Gradients = [Take(largest), Take(largest)];
        (Scratch1, Scratch2) = (Take(first), Take(second));
        Blocks = [.. blocks.Select(block => new BlockMemory(
            block.Input(Take(block.Input(0).ImageSize)), block.Hidden1(Take(block.Hidden1(0).ImageSize)), block.Hidden2(Take(block.Hidden2(0).ImageSize))))];
        Output = last with { Address = Take(last.ImageSize) };

        nint Take(nint imageSize)
        {
            var address = next;
            next += images * imageSize * sizeof(float);
            return address;
        }
    }

    public IReadOnlyList<BlockMemory> Blocks { get; }

    /// <summary>The last block's output.</summary>
    public Rows Output { get; }

    /// <summary>Room for the gradients between blocks, used in turns.</summary>
    public IReadOnlyList<nint> Gradients { get; }

    public nint Scratch1 { get; }

    public nint Scratch2 { get; }

    public void Dispose() => _memory.Dispose();
}
