using System.Buffers.Binary;
using System.IO.Compression;

namespace SeqMnistSweep.TestSupport;

/// <summary>Builds IDX files as bytes, right and wrong.</summary>
public static class IdxBytes
{
    public static byte[] Images(int count, byte shade = 7) =>
        [.. Header(0x0803, count, 28, 28), .. Enumerable.Repeat(shade, count * 784)];

    public static byte[] Labels(params byte[] labels) => [.. Header(0x0801, labels.Length), .. labels];

    public static byte[] Header(int magic, params int[] sizes)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        BinaryPrimitives.WriteInt32BigEndian(header, magic);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return header;
    }

    public static byte[] Gzip(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, level, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }
}
