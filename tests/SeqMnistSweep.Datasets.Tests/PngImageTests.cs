using System.Buffers.Binary;
using System.IO.Compression;

namespace SeqMnistSweep.Datasets.Tests;

public sealed class PngImageTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 2)]
    [InlineData(2, 3)]
    [InlineData(6, 4)]
    public void Grey_and_colour_are_read_with_every_filter(byte kind, int channels)
    {
        var grey = Enumerable.Range(0, 20 * 15).Select(i => (byte)(i * 37)).ToArray();
        var rows = grey.SelectMany(value => (byte[])(channels switch { 1 => [value], 2 => [value, 255], 3 => [value, value, value], _ => [value, value, value, 255] })).ToArray();
        var image = PngImage.Read(Png(20, 15, kind, Filtered(rows, 20 * channels, channels)));
        Assert.Equal((20, 15), (image.Width, image.Height));
        Assert.Equal(grey, image.Grey);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var grey = Enumerable.Range(0, 28 * 28).Select(i => (byte)(i * 7)).ToArray();
        var image = PngImage.Read(new PngImage(28, 28, grey).ToBytes());
        Assert.Equal((28, 28), (image.Width, image.Height));
        Assert.Equal(grey, image.Grey);
    }

    [Fact]
    public void What_is_cut_short_damaged_or_of_another_kind_is_refused()
    {
        var good = Png(4, 4, 0, Filtered(new byte[16], 4, 1));
        Assert.Throws<FormatException>(() => PngImage.Read(good[..30]));
        Assert.Throws<FormatException>(() => PngImage.Read(good[..^20]));
        Assert.Contains("16 bits", Assert.Throws<FormatException>(() => PngImage.Read(Png(4, 4, 0, new byte[200], depth: 16))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => PngImage.Read(Png(4, 4, 0, new byte[3])));
        Assert.Throws<FormatException>(() => PngImage.Read(Png(4, 4, 3, Filtered(new byte[16], 4, 1))));
    }

    [Fact]
    public void Only_28x28_is_taken_for_a_digit()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, Png(28, 28, 0, Filtered(Enumerable.Range(0, 784).Select(i => (byte)i).ToArray(), 28, 1)));
            Assert.Equal(784, ImageInput.Read(file).Length);
            File.WriteAllBytes(file, Png(28, 27, 0, Filtered(new byte[28 * 27], 28, 1)));
            Assert.Contains("28x27", Assert.Throws<DatasetException>(() => ImageInput.Read(file)).Message, StringComparison.Ordinal);
            File.WriteAllText(file, "no image at all");
            Assert.Throws<DatasetException>(() => ImageInput.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Row y is stored with filter y mod 5.</summary>
    private static byte[] Filtered(byte[] rows, int stride, int step)
    {
        var filtered = new List<byte>();
        for (var y = 0; y < rows.Length / stride; y++)
        {
            filtered.Add((byte)(y % 5));
            for (var x = 0; x < stride; x++)
            {
                int At(int row, int column) => row < 0 || column < 0 ? 0 : rows[(row * stride) + column];
                var (left, above, corner) = (At(y, x - step), At(y - 1, x), At(y - 1, x - step));
                var (a, b, c) = (Math.Abs(above - corner), Math.Abs(left - corner), Math.Abs(left + above - (2 * corner)));
                var predicted = (y % 5) switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => a <= b && a <= c ? left : b <= c ? above : corner };
                filtered.Add((byte)(At(y, x) - predicted));
            }
        }

        return [.. filtered];
    }

    private static byte[] Png(int width, int height, byte kind, byte[] filtered, byte depth = 8)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, kind);
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionMode.Compress, leaveOpen: true))
        {
            deflate.Write(filtered);
        }

        return [.. PngImage.Signature, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [.. length, .. System.Text.Encoding.ASCII.GetBytes(name), .. body, 0, 0, 0, 0];
    }
}
