namespace SeqMnistSweep.Datasets.Tests;

/// <summary>A zoo of broken files: name, what it should hold, its bytes, and what the error must say.</summary>
internal static class BrokenIdxFiles
{
    private static readonly byte[] GoodImages = IdxBytes.Images(3);
    private static readonly byte[] GoodLabels = IdxBytes.Labels(1, 2, 3);
    private static readonly byte[] Zipped = IdxBytes.Gzip(GoodImages);

    public static readonly IReadOnlyDictionary<string, (IdxKind Kind, byte[] Bytes, string[] Says)> All =
        new Dictionary<string, (IdxKind, byte[], string[])>
        {
            ["empty"] = (IdxKind.Images, [], ["it is empty"]),
            ["one byte"] = (IdxKind.Images, [0], ["within the header after 1 bytes", "16 bytes of header"]),
            ["magic only"] = (IdxKind.Images, [0, 0, 8, 3], ["within the header after 4 bytes"]),
            ["header cut at 15"] = (IdxKind.Images, GoodImages[..15], ["within the header after 15 bytes"]),
            ["label header cut at 7"] = (IdxKind.Labels, GoodLabels[..7], ["within the header after 7 bytes", "8 bytes of header"]),
            ["web page"] = (IdxKind.Images, "<!DOCTYPE html><html></html>"u8.ToArray(), ["3C 21 44 4F", "web page", "00 00 08 03"]),
            ["little endian magic"] = (IdxKind.Images, IdxBytes.Header(0x03080000, 3, 28, 28), ["03 08 00 00", "00 00 08 03"]),
            ["png"] = (IdxKind.Labels, [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10], ["89 50 4E 47", "00 00 08 01"]),
            ["zip archive"] = (IdxKind.Images, [0x50, 0x4B, 3, 4, 0, 0, 0, 0], ["50 4B 03 04"]),
            ["floats"] = (IdxKind.Images, IdxBytes.Header(0x0D03, 3, 28, 28), ["type code is 0D (float)", "08 (unsigned byte)"]),
            ["unknown type"] = (IdxKind.Labels, IdxBytes.Header(0x7701, 3), ["type code is 77 (unknown)"]),
            ["two dimensions"] = (IdxKind.Images, IdxBytes.Header(0x0802, 3, 784), ["2 dimensions", "expected 3"]),
            ["labels for images"] = (IdxKind.Images, GoodLabels, ["holds labels: files swapped?", "expected 3 for images"]),
            ["images for labels"] = (IdxKind.Labels, GoodImages, ["holds images: files swapped?", "expected 1 for labels"]),
            ["27 rows"] = (IdxKind.Images, IdxBytes.Header(0x0803, 3, 27, 28), ["27x28", "expected 28x28"]),
            ["huge columns"] = (IdxKind.Images, IdxBytes.Header(0x0803, 3, 28, int.MaxValue), ["28x2147483647"]),
            ["no image"] = (IdxKind.Images, IdxBytes.Header(0x0803, 0, 28, 28), ["announces 0 images", "1 to 100000"]),
            ["no label"] = (IdxKind.Labels, IdxBytes.Header(0x0801, 0), ["announces 0 labels"]),
            ["negative count"] = (IdxKind.Images, IdxBytes.Header(0x0803, -1, 28, 28), ["announces -1 images"]),
            ["smallest count"] = (IdxKind.Labels, IdxBytes.Header(0x0801, int.MinValue), ["announces -2147483648 labels"]),
            ["huge count"] = (IdxKind.Images, IdxBytes.Header(0x0803, int.MaxValue, 28, 28), ["announces 2147483647 images"]),
            ["count beyond the file"] = (IdxKind.Images, IdxBytes.Header(0x0803, 100_000, 28, 28), ["it has 16 bytes", "expected 78400016"]),
            ["one byte short"] = (IdxKind.Images, GoodImages[..^1], ["it has 2367 bytes", "expected 2368 for the 3 images"]),
            ["one byte long"] = (IdxKind.Images, [.. GoodImages, 0], ["it has 2369 bytes", "expected 2368"]),
            ["label of 10"] = (IdxKind.Labels, IdxBytes.Labels(0, 9, 10), ["label number 2 is 10", "0 to 9"]),
            ["label of 255"] = (IdxKind.Labels, IdxBytes.Gzip(IdxBytes.Labels(255)), ["label number 0 is 255"]),
            ["gzip magic only"] = (IdxKind.Images, [0x1f, 0x8b], ["gzip", "ends within the header"]),
            ["gzip header only"] = (IdxKind.Images, Zipped[..10], ["gzip", "ends within the header"]),
            ["gzip cut in the middle"] = (IdxKind.Images, Zipped[..(Zipped.Length / 2)], ["gzip", "it ends"]),
            ["gzip without trailer"] = (IdxKind.Images, Zipped[..^8], ["gzip"]),
            ["gzip with half a trailer"] = (IdxKind.Images, Zipped[..^3], ["gzip"]),
            ["gzip with wrong CRC"] = (IdxKind.Images, Changed(Zipped, Zipped.Length - 8), ["gzip data is damaged"]),
            ["gzip with wrong size"] = (IdxKind.Images, Changed(Zipped, Zipped.Length - 1), ["gzip"]),
            ["gzip with damaged data"] = (IdxKind.Images, Changed(Zipped, 12), ["gzip"]),
            ["gzip with bytes after it"] = (IdxKind.Images, [.. Zipped, 1, 2, 3], ["gzip", "bytes after its end"]),
            ["gzip of nothing"] = (IdxKind.Images, Convert.FromHexString("1F8B080000000000000303000000000000000000"), ["within the header after 0 bytes"]),
            ["gzip within gzip"] = (IdxKind.Images, IdxBytes.Gzip(Zipped), ["begins with 1F 8B"]),
            ["gzip of a short file"] = (IdxKind.Images, IdxBytes.Gzip(GoodImages[..1000]), ["ends after 1000 bytes", "expected 2368"]),
            ["gzip of a long file"] = (IdxKind.Images, IdxBytes.Gzip([.. GoodImages, 0]), ["more bytes follow", "expected 2368"]),
            ["gzip bomb"] = (IdxKind.Images, IdxBytes.Gzip([.. GoodImages, .. new byte[50_000_000]]), ["more bytes follow"]),
            ["gzip of a huge promise"] = (IdxKind.Images, IdxBytes.Gzip(IdxBytes.Header(0x0803, 100_000, 28, 28)), ["ends after 16 bytes"]),
        };

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 0x55;
        return changed;
    }
}
