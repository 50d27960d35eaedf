namespace SeqMnistSweep.Training.Networks;

/// <summary>Where one named parameter lies in the flat buffer.</summary>
/// <param name="Name">As in the reference's state_dict: <c>tcn.network.0.conv1.weight_v</c>.</param>
/// <param name="Shape">As in PyTorch; convolutions are [out, in, k], their g is [out, 1, 1].</param>
internal sealed record ParameterSlot(string Name, long[] Shape, int Offset)
{
    public int Count { get; } = (int)Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Every parameter of the network, in the buffer's order and without gaps.</summary>
    public static IReadOnlyList<ParameterSlot> All(TcnShape shape)
    {
        var slots = new List<ParameterSlot>();
        for (var block = 0; block < shape.Levels; block++)
        {
            var prefix = $"tcn.network.{block}.";
            foreach (var (conv, inputs) in new[] { ("conv1", shape.InputsOf(block)), ("conv2", shape.Hidden) })
            {
                Add($"{prefix}{conv}.weight_g", shape.Hidden, 1, 1);
                Add($"{prefix}{conv}.weight_v", shape.Hidden, inputs, shape.KernelSize);
                Add($"{prefix}{conv}.bias", shape.Hidden);
            }

            if (block == 0 && shape.Downsamples)
            {
                Add($"{prefix}downsample.weight", shape.Hidden, shape.InputChannels, 1);
                Add($"{prefix}downsample.bias", shape.Hidden);
            }
        }

        Add("linear.weight", TcnShape.Classes, shape.Hidden);
        Add("linear.bias", TcnShape.Classes);
        return slots;

        void Add(string name, params long[] size) =>
            slots.Add(new ParameterSlot(name, size, slots.Count == 0 ? 0 : slots[^1].Offset + slots[^1].Count));
    }
}
