using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Tests.Fixtures;

namespace SeqMnistSweep.Training.Tests.Checkpoints;

public sealed class SafeTensorsTests
{
    private static readonly SafeTensors Sample = new(
        ImmutableSortedDictionary<string, string>.Empty.Add("format", "test").Add("note", "quote \" and ü"),
        [StoredTensor.Of("b", [1f, 2f, 3f, 4f, 5f, 6f], 2, 3), StoredTensor.Of("a", 0.1), StoredTensor.Of("c", 1L << 40)]);

    [Fact]
    public void What_is_written_is_read_back()
    {
        var read = SafeTensors.Parse(Sample.ToBytes());
        Assert.Equal(Sample.Metadata, read.Metadata);
        Assert.Equal(["a", "c", "b"], read.Tensors.Select(tensor => tensor.Name));
        foreach (var tensor in Sample.Tensors)
        {
            var same = read.Tensors.Single(other => other.Name == tensor.Name);
            Assert.Equal(tensor.Type, same.Type);
            Assert.Equal(tensor.Shape, same.Shape);
            Assert.Equal(tensor.Data.ToArray(), same.Data.ToArray());
        }
    }

    [Fact]
    public void The_order_of_the_tensors_does_not_show() =>
        Assert.Equal(Sample.ToBytes(), (Sample with { Tensors = [.. Sample.Tensors.Reverse()] }).ToBytes());

    [RequiresPythonTorchFact]
    public void Python_reads_it_as_its_format_is_documented()
    {
        const string Reader = """
            import json, struct, sys
            import numpy as np
            raw = open(sys.argv[1], "rb").read()
            n = struct.unpack("<Q", raw[:8])[0]
            header = json.loads(raw[8 : 8 + n])
            kinds = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
            assert header.pop("__metadata__")["note"] == 'quote " and ü'
            for name, t in sorted(header.items()):
                a, b = t["data_offsets"]
                assert (8 + n + a) % np.dtype(kinds[t["dtype"]]).itemsize == 0
                print(name, np.frombuffer(raw[8 + n + a : 8 + n + b], kinds[t["dtype"]]).reshape(t["shape"]).tolist())
            """;
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Sample.ToBytes());
            using var process = Process.Start(new ProcessStartInfo(RequiresPythonTorchFactAttribute.Python, ["-c", Reader, path]) { RedirectStandardOutput = true })!;
            Assert.Equal("a 0.1\nb [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]\nc 1099511627776\n", process.StandardOutput.ReadToEnd());
            process.WaitForExit();
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "empty", "cut short" },
        { "short header", "cut short" },
        { "huge header", "cut short" },
        { "no json", "not that of a safetensors file" },
        { "list", "not that of a safetensors file" },
        { "type", "type F16" },
        { "shape", "does not fit" },
        { "negative", "does not fit" },
        { "overflow", "does not fit" },
        { "outside", "does not fit" },
        { "rest", "holds 5" },
        { "twice", "twice" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_file_is_refused_with_a_reason(string kind, string says)
    {
        var bytes = kind switch
        {
            "empty" => [],
            "short header" => Sample.ToBytes()[..20],
            "huge header" => Enumerable.Repeat((byte)0xFF, 64).ToArray(),
            "no json" => HeaderFile("{nothing"),
            "list" => HeaderFile("[1, 2]"),
            "type" => HeaderFile("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4),
            "shape" => HeaderFile("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4),
            "negative" => HeaderFile("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4),
            "overflow" => HeaderFile("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,4],"data_offsets":[0,4]}}""", 4),
            "outside" => HeaderFile("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 4),
            "twice" => HeaderFile("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8),
            _ => HeaderFile("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5),
        };
        Assert.Contains(says, Assert.Throws<FormatException>(() => SafeTensors.Parse(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_single_damaged_byte_of_the_header_crashes_the_reader()
    {
        var bytes = Sample.ToBytes();
        for (var i = 0; i < 300 && i < bytes.Length; i++)
        {
            foreach (var value in new byte[] { 0, (byte)'9', (byte)'"', 0xFF })
            {
                var damaged = (byte[])bytes.Clone();
                damaged[i] = value;
                var thrown = Record.Exception(() => SafeTensors.Parse(damaged));
                Assert.True(thrown is null or FormatException, $"byte {i} as {value}: {thrown}");
            }
        }
    }

    private static byte[] HeaderFile(string header, int data = 0)
    {
        var bytes = new byte[8 + Encoding.UTF8.GetByteCount(header) + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Encoding.UTF8.GetByteCount(header));
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }
}
