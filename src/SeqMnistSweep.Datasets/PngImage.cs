using System.Buffers.Binary;
using System.IO.Compression;

namespace SeqMnistSweep.Datasets;

/// <summary>A PNG as grey values (W3C Portable Network Graphics, second edition). Read are 8 bits a channel without interlacing: grey,
/// colour or palette, with or without transparency, which is taken for black. Written is grey. A library that does both brings 9 MB of
/// native code into every build, the head's too, for images of 28x28.</summary>
/// <param name="Width">In pixels, 1 to 4096.</param>
/// <param name="Height">In pixels, 1 to 4096.</param>
/// <param name="Grey">Height x Width bytes, row by row from the top; 0 is black.</param>
public sealed record PngImage(int Width, int Height, byte[] Grey)
{
    private const int MaxSide = 4096;

    /// <summary>The eight bytes that every PNG begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Decodes a whole file.</summary>
    /// <exception cref="FormatException">It is damaged or of another kind; the message says what is wrong, without a name.</exception>
    public static PngImage Read(byte[] file)
    {
        var header = Array.Empty<byte>();
        var palette = Array.Empty<byte>();
        using var data = new MemoryStream();
        for (var at = Signature.Length; at + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            if (length < 0 || length > file.Length - at - 12) throw new FormatException("the PNG is cut short");

            var body = file.AsSpan(at + 8, length);
            switch (System.Text.Encoding.ASCII.GetString(file, at + 4, 4))
            {
                case "IHDR": header = body.ToArray(); break;
                case "PLTE": palette = body.ToArray(); break;
                case "IDAT": data.Write(body); break;
            }

            at += length + 12;
        }

        var (width, height, kind) = Header(header);
        data.Position = 0;
        var channels = kind switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };
        var rows = Unfiltered(Inflated(data, (long)height * ((width * channels) + 1)), height, width * channels, channels);
        var grey = new byte[width * height];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = Pixel(rows.AsSpan(i * channels, channels), kind, palette);
        }

        return new PngImage(width, height, grey);
    }

    /// <summary>The image as a file of 8 bits grey, its rows not filtered.</summary>
    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        header[8] = 8;
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", Deflated());
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    private byte[] Deflated()
    {
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.SmallestSize))
        {
            for (var row = 0; row < Height; row++)
            {
                deflate.WriteByte(0);
                deflate.Write(Grey, row * Width, Width);
            }
        }

        return data.ToArray();
    }

    private static void WriteChunk(MemoryStream file, string kind, byte[] body)
    {
        var chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        System.Text.Encoding.ASCII.GetBytes(kind, chunk.AsSpan(4));
        body.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan()[^4..], Checksum(chunk.AsSpan()[4..^4]));
        file.Write(chunk);
    }

    /// <summary>CRC-32 as in annex D of the standard.</summary>
    private static uint Checksum(ReadOnlySpan<byte> content)
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

    private static (int Width, int Height, int Kind) Header(byte[] header)
    {
        if (header.Length < 13) throw new FormatException("the PNG has no header");

        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        var (depth, kind, interlaced) = (header[8], header[9], header[12] != 0);
        return width is > 0 and <= MaxSide && height is > 0 and <= MaxSide && depth == 8 && kind is 0 or 2 or 3 or 4 or 6 && !interlaced
            ? (width, height, kind)
            : throw new FormatException(
                $"the PNG has {width}x{height} pixels of {depth} bits, colour type {kind}{(interlaced ? ", interlaced" : "")}; up to "
                    + $"{MaxSide}x{MaxSide} of 8 bits without interlacing are read");
    }

    private static byte[] Inflated(Stream data, long length)
    {
        var bytes = new byte[length];
        try
        {
            using var inflate = new ZLibStream(data, CompressionMode.Decompress);
            inflate.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new FormatException("the PNG's data is damaged or cut short", error);
        }
    }

    /// <summary>Every row begins with the number of its filter, which predicts a byte from those left, above, and above left.</summary>
    private static byte[] Unfiltered(byte[] filtered, int height, int stride, int step)
    {
        var rows = new byte[height * stride];
        for (var y = 0; y < height; y++)
        {
            var filter = filtered[y * (stride + 1)];
            for (var x = 0; x < stride; x++)
            {
                int left = x >= step ? rows[(y * stride) + x - step] : 0;
                int above = y > 0 ? rows[((y - 1) * stride) + x] : 0;
                int corner = x >= step && y > 0 ? rows[((y - 1) * stride) + x - step] : 0;
                var predicted = filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => above,
                    3 => (left + above) / 2,
                    4 => Paeth(left, above, corner),
                    _ => throw new FormatException($"the PNG has a row of filter {filter}"),
                };
                rows[(y * stride) + x] = (byte)(filtered[(y * (stride + 1)) + 1 + x] + predicted);
            }
        }

        return rows;
    }

    private static int Paeth(int left, int above, int corner)
    {
        var estimate = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    private static byte Pixel(ReadOnlySpan<byte> pixel, int kind, byte[] palette) => kind switch
    {
        0 => pixel[0],
        4 => (byte)(pixel[0] * pixel[1] / 255),
        2 => Luma(pixel),
        6 => (byte)(Luma(pixel) * pixel[3] / 255),
        _ => (pixel[0] * 3) + 2 < palette.Length
            ? Luma(palette.AsSpan(pixel[0] * 3, 3))
            : throw new FormatException($"the PNG's palette has no colour {pixel[0]}"),
    };

    /// <summary>Rec. 601, as PIL's convert("L").</summary>
    private static byte Luma(ReadOnlySpan<byte> rgb) => (byte)(((rgb[0] * 299) + (rgb[1] * 587) + (rgb[2] * 114) + 500) / 1000);
}
