using System.Text;

namespace SeqMnistSweep.Files;

/// <summary>Logs, read in parts while they are written.</summary>
public static class LogFile
{
    /// <summary>Bytes that are read at once.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>At most <see cref="MaxBytes"/> bytes from <paramref name="offset"/>, up to the end of a line; of a longer line as many
    /// whole characters. Nothing where there is no such file.</summary>
    /// <param name="isWhole">Nobody writes to it any more: a last line without an end counts too.</param>
    /// <returns>The text, and the offset after it.</returns>
    public static (string Text, long Next) Read(string path, long offset, bool isWhole)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        byte[] bytes;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = offset;
            bytes = new byte[Math.Clamp(file.Length - offset, 0, MaxBytes)];
            bytes = bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return ("", offset);
        }

        var line = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        var end = line > 0 ? line : bytes.Length == MaxBytes ? WholeCharacters(bytes) : 0;
        if (isWhole && bytes.Length < MaxBytes)
        {
            end = bytes.Length;
        }

        return (Encoding.UTF8.GetString(bytes, 0, end), offset + end);
    }

    /// <summary>The same of several files, as if they were one.</summary>
    /// <param name="paths">Nobody writes to any but the last.</param>
    /// <param name="offset">Bytes of all of them to skip.</param>
    /// <param name="isWhole">Of the last one.</param>
    public static (string Text, long Next) Read(IReadOnlyList<string> paths, long offset, bool isWhole)
    {
        if (paths.Count == 0) return ("", offset);

        var start = 0L;
        foreach (var path in paths.SkipLast(1))
        {
            var bytes = new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;
            if (offset < start + bytes) return After(start, Read(path, offset - start, isWhole: true));

            start += bytes;
        }

        return After(start, Read(paths[^1], offset - start, isWhole));

        static (string, long) After(long start, (string Text, long Next) read) => (read.Text, start + read.Next);
    }

    /// <summary>The logs of attempts in a folder, the first attempt's first: <c>1.log</c>, <c>2.log</c>, ...</summary>
    public static IReadOnlyList<FileInfo> OfAttempts(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*.log").Where(file => AttemptOf(file) > 0).OrderBy(AttemptOf),
    ];

    /// <summary>The attempt whose log it is; 0 for any other file.</summary>
    public static int AttemptOf(FileInfo log) =>
        int.TryParse(Path.GetFileNameWithoutExtension(log.Name), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : 0;

    /// <summary>The length without a character that is cut off at the end.</summary>
    private static int WholeCharacters(byte[] bytes)
    {
        var last = bytes.Length - 1;
        while (last > bytes.Length - 4 && (bytes[last] & 0xC0) == 0x80)
        {
            last--;
        }

        var length = bytes[last] switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
        return last + length > bytes.Length ? last : bytes.Length;
    }
}
