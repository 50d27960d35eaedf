using System.Buffers.Binary;
using System.Text;

namespace SeqMnistSweep.Datasets;

/// <summary>What an IDX file is supposed to hold.</summary>
public enum IdxKind
{
    /// <summary>Magic 00 00 08 03, then count, 28 and 28, then count x 784 bytes.</summary>
    Images,

    /// <summary>Magic 00 00 08 01, then the count, then count bytes of 0 to 9.</summary>
    Labels,
}

/// <summary>The header rules of LeCun's IDX format, for unsigned bytes; numbers are big-endian and 32 bits wide.</summary>
internal static class IdxHeader
{
    /// <summary>No dataset known here has more; a larger count is damage or an attack, not data.</summary>
    public const int MostItems = 100_000;

    public static int Size(IdxKind kind) => kind == IdxKind.Images ? 16 : 8;

    public static int ItemSize(IdxKind kind) => kind == IdxKind.Images ? ImageSet.Pixels : 1;

    public static byte[] Create(IdxKind kind, int count)
    {
        var header = new byte[Size(kind)];
        header[2] = 8;
        header[3] = (byte)Dimensions(kind);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), count);
        if (kind == IdxKind.Images)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), ImageSet.Side);
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(12), ImageSet.Side);
        }

        return header;
    }

    /// <summary>Reads the count, or says what was found and what was expected. The span may be shorter than a header.</summary>
    public static string? Check(ReadOnlySpan<byte> header, IdxKind kind, out int count)
    {
        count = 0;
        var magic = $"00 00 08 0{Dimensions(kind)}";
        if (header.Length >= 2 && (header[0] != 0 || header[1] != 0))
        {
            var looks = LooksLikeText(header) ? ", which looks like a web page or text" : "";
            return $"it begins with {Hex(header[..Math.Min(4, header.Length)])}{looks}; expected the magic {magic} of IDX {Noun(kind)}";
        }

        if (header.Length >= 3 && header[2] != 8)
        {
            return $"its type code is {header[2]:X2} ({TypeName(header[2])}); expected 08 (unsigned byte)";
        }

        if (header.Length >= 4 && header[3] != Dimensions(kind))
        {
            var swapped = header[3] == Dimensions(Other(kind)) ? $" (it holds {Noun(Other(kind))}: files swapped?)" : "";
            return $"it has {header[3]} dimensions{swapped}; expected {Dimensions(kind)} for {Noun(kind)}";
        }

        if (header.Length < Size(kind))
        {
            return $"it ends within the header after {header.Length} bytes; expected {Size(kind)} bytes of header";
        }

        count = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        if (count is <= 0 or > MostItems) return $"its header announces {count} {Noun(kind)}; expected 1 to {MostItems}";

        return kind == IdxKind.Images ? CheckSides(header) : null;
    }

    public static string Noun(IdxKind kind) => kind == IdxKind.Images ? "images" : "labels";

    private static string? CheckSides(ReadOnlySpan<byte> header)
    {
        var rows = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        var columns = BinaryPrimitives.ReadInt32BigEndian(header[12..]);
        return rows == ImageSet.Side && columns == ImageSet.Side
            ? null
            : $"its images are {rows}x{columns}; expected {ImageSet.Side}x{ImageSet.Side}";
    }

    private static int Dimensions(IdxKind kind) => kind == IdxKind.Images ? 3 : 1;

    private static IdxKind Other(IdxKind kind) => kind == IdxKind.Images ? IdxKind.Labels : IdxKind.Images;

    private static string Hex(ReadOnlySpan<byte> bytes)
        => string.Join(' ', Convert.ToHexString(bytes).Chunk(2).Select(pair => new string(pair)));

    private static bool LooksLikeText(ReadOnlySpan<byte> header) =>
        Encoding.ASCII.GetString(header).All(unit => unit is >= ' ' and < '\x7f' or '\n' or '\r' or '\t');

    private static string TypeName(byte code) => code switch
    {
        0x09 => "signed byte",
        0x0B => "short",
        0x0C => "int",
        0x0D => "float",
        0x0E => "double",
        _ => "unknown",
    };
}
