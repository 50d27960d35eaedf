namespace SeqMnistSweep.Head.Storage;

/// <summary>Where the files of a sweep lie beside the database: its checkpoints, its trials' own files and their logs.</summary>
public static class SweepFolders
{
    /// <summary>What the files of a sweep take.</summary>
    public static FolderUse Measure(HeadOptions options, SweepId sweep)
    {
        var files = Of(options, sweep).Where(Directory.Exists)
            .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)).ToList();
        return new FolderUse(files.Count, files.Sum(file => file.Exists ? file.Length : 0));
    }

    /// <summary>Deletes the files of a sweep; those that are there already are no error.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">One cannot be deleted.</exception>
    internal static void Delete(HeadOptions options, SweepId sweep)
    {
        foreach (var folder in Of(options, sweep))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // That is what is wanted.
            }
        }
    }

    private static IEnumerable<string> Of(HeadOptions options, SweepId sweep) =>
        new[] { options.CheckpointFolder, options.OutputFolder, options.LogFolder }.Select(folder => Path.Combine(folder, sweep.Value));
}

/// <param name="Files">How many.</param>
/// <param name="Bytes">Of all together.</param>
public sealed record FolderUse(long Files, long Bytes);
