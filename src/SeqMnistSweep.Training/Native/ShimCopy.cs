using System.Runtime.InteropServices;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Training.Native;

/// <summary>The weakened copy of libLibTorchSharp.so (see <see cref="VersionNeed"/>) in the user's cache:
/// <c>seqsweep/native/SHA256/libLibTorchSharp.so</c>.</summary>
internal static class ShimCopy
{
    public const string FileName = "libLibTorchSharp.so";

    private const string TooNew = "GLIBCXX_3.4.32";

    /// <summary>Loads the copy, which is made first where it is missing or not as it should be.</summary>
    /// <param name="cacheFolder">The user's cache; null, or a folder that cannot be written to, makes a private temporary copy that is
    /// deleted once loaded.</param>
    /// <exception cref="InvalidDataException">The source is not the library this was written for.</exception>
    /// <exception cref="DllNotFoundException">The copy does not load either.</exception>
    public static nint Load(string source, string? cacheFolder)
    {
        var image = File.ReadAllBytes(source);
        var weakened = VersionNeed.Weaken(image, "libstdc++.so.6", TooNew);
        if (cacheFolder is not null)
        {
            try
            {
                return NativeLibrary.Load(Store(weakened, PathIn(cacheFolder, image)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A read-only or full cache is no reason not to train.
            }
        }

        // Only the user can enter the folder, so nobody can exchange the file before it is loaded.
        var folder = Directory.CreateTempSubdirectory("seqsweep-");
        try
        {
            return NativeLibrary.Load(Store(weakened, Path.Combine(folder.FullName, FileName)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static string PathIn(string cacheFolder, byte[] source) =>
        Path.Combine(cacheFolder, "seqsweep", "native", Digest.Of(source), FileName);

    /// <summary>Runners that start together never see half a file.</summary>
    private static string Store(byte[] content, string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content)) return path;

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, content);
        return path;
    }
}
