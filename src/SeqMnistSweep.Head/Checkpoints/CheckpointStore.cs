using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Checkpoints;

/// <summary>The checkpoint files that the database knows: <c>SWEEP/NUMBER/DIGEST.safetensors</c> below one folder.</summary>
internal sealed class CheckpointStore(HeadOptions options)
{
    public string Folder => options.CheckpointFolder;

    /// <exception cref="ArgumentException">The digest names a file elsewhere.</exception>
    public string PathOf(TrialId trial, string digest)
    {
        var (folder, name) = (FolderOf(trial), $"{digest}.safetensors");
        return Path.GetFileName(name) == name
            ? Path.Combine(folder, name)
            : throw new ArgumentException($"'{digest}' is no name of a checkpoint of trial {trial}", nameof(digest));
    }

    /// <summary>Deletes a file that no row names any more. A file that cannot be deleted stays; it does no harm.</summary>
    public void Drop(TrialId trial, string digest) => Delete(PathOf(trial, digest));

    /// <summary>Gives a trial a file of another one, durably. Does nothing where it is there already.</summary>
    /// <returns>Why it could not be copied; null when it is there.</returns>
    public string? Copy(TrialId from, TrialId to, string digest)
    {
        var path = PathOf(to, digest);
        if (File.Exists(path)) return null;

        try
        {
            PrivateFile.CreateMissingFolders(FolderOf(to));
            using var source = File.OpenRead(PathOf(from, digest));
            using var copy = new AtomicFile(path, isPrivate: true);
            source.CopyTo(copy.Stream);
            copy.Stream.Position = 0;
            if (Digest.Of(copy.Stream) != digest) return $"{source.Name} does not have the SHA-256 that it is named after";

            copy.Commit();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    /// <summary>Deletes what an ended trial left behind: half-written files, uploads that nobody went on with, and checkpoints that were
    /// never committed.</summary>
    /// <param name="stillNeeded">Digests to keep; not asked for a trial without files.</param>
    public void Tidy(TrialId trial, Func<IReadOnlySet<string>> stillNeeded)
    {
        var folder = FolderOf(trial);
        if (!Directory.Exists(folder)) return;

        var keep = stillNeeded();
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => !keep.Contains(Path.GetFileNameWithoutExtension(file)))
            .ToList())
        {
            Delete(file);
        }
    }

    /// <summary>Deletes the oldest files of a trial until there are no more than so many; those that are kept in any case
    /// count.</summary>
    /// <param name="isNeeded">Asked with a path.</param>
    public void Trim(TrialId trial, int max, Func<string, bool> isNeeded)
    {
        var folder = FolderOf(trial);
        var found = Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles() : [];
        foreach (var file in found.Where(file => !isNeeded(file.FullName)).OrderBy(file => file.LastWriteTimeUtc)
            .Take(Math.Max(0, found.Length - max)))
        {
            Delete(file.FullName);
        }
    }

    private string FolderOf(TrialId trial) =>
        Path.Combine(options.CheckpointFolder, trial.Sweep.Value, trial.Number.ToString(CultureInfo.InvariantCulture));

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
