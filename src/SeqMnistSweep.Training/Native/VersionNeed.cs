using System.Buffers.Binary;
using System.Text;

namespace SeqMnistSweep.Training.Native;

/// <summary>Marks one symbol version that an ELF library asks for as weak, which makes the dynamic loader accept a system without it. That
/// is safe only when nothing in the library uses a symbol of that version, so every assumption is checked first.</summary>
/// <remarks>TorchSharp 0.107's libLibTorchSharp.so asks for GLIBCXX_3.4.32 (GCC 13.2) on behalf of one symbol that no relocation refers to;
/// Debian 12 and Ubuntu 22.04 ship GCC 12's libstdc++, which ends at 3.4.30. Layouts: the gABI and the LSB's "Symbol Versioning".</remarks>
internal static class VersionNeed
{
    private const uint SymbolTable = 11;
    private const uint Relocations = 4;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;
    private const ushort Weak = 2;

    /// <summary>A copy of <paramref name="image"/> with the version marked weak.</summary>
    /// <param name="file">The library that should provide it: <c>libstdc++.so.6</c>.</param>
    /// <exception cref="InvalidDataException">The image is not exactly what this was written for; the message says in what.</exception>
    public static byte[] Weaken(byte[] image, string file, string version)
    {
        try
        {
            var sections = Sections(image);
            var (offset, index) = FindNeed(image, sections, file, version);
            RefuseUsedSymbols(image, sections, index, version);
            var copy = (byte[])image.Clone();
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(offset + 4), Weak);
            return copy;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("it is cut short or its tables point outside of it", e);
        }
    }

    private static List<Section> Sections(byte[] image)
    {
        // 0x7F ELF, 64 bit, little endian.
        if (image.Length < 64 || !image.AsSpan(0, 6).SequenceEqual<byte>([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("it is no 64-bit little-endian ELF file");
        }

        var start = checked((int)UInt64(image, 0x28));
        var size = UInt16(image, 0x3A);
        var count = UInt16(image, 0x3C);
        var sections = new List<Section>(count);
        for (var i = 0; i < count; i++)
        {
            var at = start + (i * size);
            var (offset, bytes) = (checked((int)UInt64(image, at + 0x18)), checked((int)UInt64(image, at + 0x20)));
            sections.Add(new Section(UInt32(image, at + 4), offset, bytes, checked((int)UInt32(image, at + 0x28))));
        }

        return sections;
    }

    /// <summary>File offset of the one record that asks for the version, and the number that symbols of that version carry.</summary>
    private static (int Offset, ushort Index) FindNeed(byte[] image, List<Section> sections, string file, string version)
    {
        var table = Only(sections, VersionNeeds, "version needs");
        var strings = sections[table.Link];
        var found = new List<(int Offset, ushort Index)>();
        for (var need = table.Offset; ;)
        {
            var wanted = Text(image, strings, UInt32(image, need + 4)) == file;
            var record = need + (int)UInt32(image, need + 8);
            for (var left = UInt16(image, need + 2); left > 0; left--)
            {
                if (wanted && Text(image, strings, UInt32(image, record + 8)) == version)
                {
                    found.Add((record, UInt16(image, record + 6)));
                }

                record += (int)UInt32(image, record + 12);
            }

            var next = (int)UInt32(image, need + 12);
            if (next == 0) break;

            need += next;
        }

        if (found.Count != 1) throw new InvalidDataException($"it asks {found.Count} times, not once, for {version} of {file}");

        var (offset, index) = found[0];
        if (UInt32(image, offset) != Hash(version) || UInt16(image, offset + 4) != 0)
        {
            throw new InvalidDataException($"its need of {version} is marked already or damaged");
        }

        return (offset, index);
    }

    private static void RefuseUsedSymbols(byte[] image, List<Section> sections, ushort index, string version)
    {
        var symbols = Only(sections, SymbolTable, "dynamic symbols");
        var versions = Only(sections, SymbolVersions, "symbol versions");
        foreach (var section in sections.Where(section => section.Kind == Relocations))
        {
            for (var at = section.Offset; at < section.Offset + section.Size; at += 24)
            {
                var symbol = UInt32(image, at + 12);
                if (symbol < symbols.Size / 24 && (UInt16(image, versions.Offset + (2 * (int)symbol)) & 0x7FFF) == index)
                {
                    var name = Text(image, sections[symbols.Link], UInt32(image, symbols.Offset + (24 * (int)symbol)));
                    throw new InvalidDataException($"it uses {name} of {version}, so that version cannot be left out");
                }
            }
        }
    }

    private static Section Only(List<Section> sections, uint kind, string what)
    {
        var found = sections.Where(section => section.Kind == kind).ToList();
        return found.Count == 1 ? found[0] : throw new InvalidDataException($"it has {found.Count} tables of {what}, not one");
    }

    private static string Text(byte[] image, Section strings, uint at)
    {
        var text = image.AsSpan(strings.Offset, strings.Size)[(int)at..];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var letter in name)
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static ushort UInt16(byte[] image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(at));

    private static uint UInt32(byte[] image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at));

    private static ulong UInt64(byte[] image, int at) => BinaryPrimitives.ReadUInt64LittleEndian(image.AsSpan(at));

    private readonly record struct Section(uint Kind, int Offset, int Size, int Link);
}
