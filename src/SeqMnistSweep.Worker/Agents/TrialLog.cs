using System.Text;

namespace SeqMnistSweep.Worker.Agents;

/// <summary>The log file of a trial on this worker: a folder per sweep, a file per trial, attempts one after the other.</summary>
public static class TrialLog
{
    /// <summary>Bytes that are read at once.</summary>
    public const int MaxBytes = 256 << 10;

    public static string PathOf(WorkerOptions options, TrialId trial) => PathOf(options.LogFolder, trial);

    public static string PathOf(string folder, TrialId trial) =>
        Path.Combine(folder, trial.Sweep.Value, string.Create(CultureInfo.InvariantCulture, $"{trial.Number}.log"));

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
