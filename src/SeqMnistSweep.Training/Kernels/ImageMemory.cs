namespace SeqMnistSweep.Training.Kernels;

/// <summary>Memory of one thread for the image that it takes through the whole network.</summary>
internal sealed class ImageMemory : IDisposable
{
    private readonly AlignedMemory _memory;

    public ImageMemory(IReadOnlyList<BlockKernel> blocks)
    {
        // Two blocks' gradients of inputs or outputs are alive at a time, and one of each kind within a block.
        var largest = blocks.Max(block => Math.Max(block.InputGradient(0).Size, block.Outputs(0).Size));
        var (first, second) = (blocks.Max(block => block.Gradient1(0).Size), blocks.Max(block => block.Gradient2(0).Size));
        var last = blocks[^1].Outputs(0);
        _memory = new AlignedMemory((2 * largest) + first + second + last.Size
            + blocks.Sum(block => block.Input(0).Size + block.Hidden1(0).Size + block.Outputs(0).Size));
        var next = _memory.Address;
        Gradients = [Take(largest), Take(largest)];
        (Scratch1, Scratch2) = (Take(first), Take(second));
        Blocks = [.. blocks.Select(block => new BlockMemory(
            block.Input(Take(block.Input(0).Size)), block.Hidden1(Take(block.Hidden1(0).Size)),
            block.Outputs(Take(block.Outputs(0).Size))))];
        Output = last with { Address = Take(last.Size) };

        nint Take(nint size)
        {
            var address = next;
            next += size * sizeof(float);
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
