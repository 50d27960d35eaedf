using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SeqMnistSweep.Training.Checkpoints;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Type">F32, F64 or I64.</param>
/// <param name="Data">Raw little-endian values, row by row.</param>
internal sealed record StoredTensor(string Name, string Type, long[] Shape, ReadOnlyMemory<byte> Data)
{
    public static StoredTensor Of(string name, ReadOnlySpan<float> values, params long[] shape) =>
        new(name, "F32", shape, MemoryMarshal.AsBytes(values).ToArray());

    public static StoredTensor Of(string name, double value) => new(name, "F64", [], BitConverter.GetBytes(value));

    public static StoredTensor Of(string name, long value) => new(name, "I64", [], BitConverter.GetBytes(value));
}

/// <summary>The safetensors format (huggingface/safetensors, README "Format"): 8 bytes of header length, a JSON header, raw tensors. Equal
/// content gives equal bytes: names are sorted, wider types first, so that every tensor is aligned to its own size.</summary>
internal sealed record SafeTensors(ImmutableSortedDictionary<string, string> Metadata, IReadOnlyList<StoredTensor> Tensors)
{
    private const int LargestHeader = 16 << 20;

    public byte[] ToBytes()
    {
        var ordered = Tensors.OrderByDescending(tensor => Width(tensor.Type)).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToList();
        var header = Header(ordered);
        var bytes = new byte[8 + header.Length + ordered.Sum(tensor => tensor.Data.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        var at = 8 + header.Length;
        foreach (var tensor in ordered)
        {
            tensor.Data.CopyTo(bytes.AsMemory(at));
            at += tensor.Data.Length;
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no such file; the message says why.</exception>
    public static SafeTensors Parse(byte[] bytes)
    {
        var length = bytes.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length is < 2 or > LargestHeader || length > bytes.Length - 8)
        {
            throw new FormatException("its header is cut short");
        }

        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
            var data = bytes.AsMemory(8 + (int)length);
            var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            var tensors = new List<StoredTensor>();
            foreach (var property in header.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    metadata.AddRange(
                        property.Value.EnumerateObject().Select(item => KeyValuePair.Create(item.Name, item.Value.GetString()!)));
                }
                else
                {
                    tensors.Add(Tensor(property.Name, property.Value, data));
                }
            }

            RefuseGaps(tensors, data.Length);
            return new SafeTensors(metadata.ToImmutable(), tensors);
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException($"its header is not that of a safetensors file ({e.Message})", e);
        }
    }

    private static StoredTensor Tensor(string name, JsonElement header, ReadOnlyMemory<byte> data)
    {
        var type = header.GetProperty("dtype").GetString()!;
        var shape = header.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = header.GetProperty("data_offsets");
        var (start, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var elements = shape.Aggregate(
            (UInt128)1,
            (product, size) => size < 0 || product > long.MaxValue ? UInt128.MaxValue : product * (ulong)size);
        return start >= 0 && start <= end && end <= data.Length && elements * (UInt128)Width(type) == (UInt128)(end - start)
            ? new StoredTensor(name, type, shape, data[(int)start..(int)end])
            : throw new FormatException($"the data of tensor {name} does not fit its shape or the file");
    }

    private static void RefuseGaps(List<StoredTensor> tensors, int length)
    {
        if (tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new FormatException($"it has tensor {twice.Key} twice");
        }

        var sum = tensors.Sum(tensor => (long)tensor.Data.Length);
        if (sum != length) throw new FormatException($"its tensors take {sum} bytes and it holds {length}");
    }

    private byte[] Header(List<StoredTensor> ordered)
    {
        var header = new JsonObject
        {
            ["__metadata__"] = new JsonObject(Metadata.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value))),
        };
        var offset = 0L;
        foreach (var tensor in ordered)
        {
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = tensor.Type,
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(offset, offset += tensor.Data.Length),
            };
        }

        // Spaces after the JSON align the data to 8 bytes.
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        return [.. json, .. Enumerable.Repeat((byte)' ', -json.Length & 7)];
    }

    private static int Width(string type) => type switch
    {
        "F64" or "I64" => 8,
        "F32" => 4,
        "U8" => 1,
        _ => throw new FormatException($"it holds a tensor of type {type}; F64, I64, F32 and U8 are read"),
    };
}
