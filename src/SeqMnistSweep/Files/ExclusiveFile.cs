namespace SeqMnistSweep.Files;

/// <summary>An exclusive lock on a file, held by one opener at a time on this machine. The operating system frees it when the process ends,
/// also after <c>kill -9</c>; the file itself stays.</summary>
public static class ExclusiveFile
{
    /// <summary>EAGAIN of Linux and of macOS, and the sharing violation of Windows: .NET's word for a lock that is held.</summary>
    private static readonly int[] Held = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <returns>The open file, which holds the lock until it is disposed; null while another opener, in any process, holds it.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder may not be written.</exception>
    /// <param name="isPrivate">Whether a new file is this account's alone.</param>
    public static FileStream? TryHold(string path, bool isPrivate = false)
    {
        try
        {
            // On Linux FileShare.None is flock(LOCK_EX): it also keeps out a second opener within this process.
            return isPrivate
                ? PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
                : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (Held.Contains(error.HResult))
        {
            return null;
        }
    }

    /// <summary>Waits until nobody else holds the lock.</summary>
    /// <inheritdoc cref="TryHold" path="/exception"/>
    public static async Task<FileStream> HoldAsync(string path, TimeProvider time, CancellationToken cancellation, bool isPrivate = false)
    {
        while (true)
        {
            if (TryHold(path, isPrivate) is { } held) return held;

            await Task.Delay(Poll, time, cancellation).ConfigureAwait(false);
        }
    }
}
