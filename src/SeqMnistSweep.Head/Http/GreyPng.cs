using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SeqMnistSweep.Head.Http;

/// <summary>Writes an image of 28 x 28 grey values as a PNG (W3C Portable Network Graphics, second edition).</summary>
internal static class GreyPng
{
    public const int Side = 28;
    public const int Pixels = Side * Side;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] Write(ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write(Signature);

        // Width, height, 8 bits, grey; deflate, filtered by row, not interlaced.
        Chunk(file, "IHDR", [0, 0, 0, Side, 0, 0, 0, Side, 8, 0, 0, 0, 0]);
        Chunk(file, "IDAT", Rows(pixels));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Every row after the number of its filter, 0 for none.</summary>
    private static byte[] Rows(ReadOnlySpan<byte> pixels)
    {
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.SmallestSize))
        {
            for (var row = 0; row < Side; row++)
            {
                deflate.WriteByte(0);
                deflate.Write(pixels.Slice(row * Side, Side));
            }
        }

        return data.ToArray();
    }

    private static void Chunk(MemoryStream file, string kind, byte[] body)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, body.Length);
        file.Write(number);
        byte[] content = [.. Encoding.ASCII.GetBytes(kind), .. body];
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Checksum(content));
        file.Write(number);
    }

    /// <summary>CRC-32 as in annex D of the standard.</summary>
    private static uint Checksum(byte[] content)
    {
        var rest = 0xffffffff;
        foreach (var one in content)
        {
            rest ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                rest = (rest & 1) != 0 ? (rest >> 1) ^ 0xedb88320 : rest >> 1;
            }
        }

        return ~rest;
    }
}
