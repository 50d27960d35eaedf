using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Checkpoints;

/// <summary>The checkpoint files that the database knows: <c>SWEEP/NUMBER/DIGEST.SUFFIX</c> below one folder.</summary>
internal sealed class CheckpointStore(HeadOptions options)
{
    public string Folder => options.CheckpointFolder;

    /// <param name="name">A digest with its suffix.</param>
    /// <exception cref="ArgumentException">It names a file elsewhere.</exception>
    public string PathOf(TrialId trial, string name) => Path.GetFileName(name) == name
        ? Path.Combine(FolderOf(trial), name)
        : throw new ArgumentException($"'{name}' is no name of a checkpoint of trial {trial}", nameof(name));

    /// <summary>The file with these bytes, whatever its suffix; null where there is none.</summary>
    public string? Find(TrialId trial, string digest) => FilesOf(trial, digest).FirstOrDefault();

    /// <summary>Deletes a file that no row names any more. A file that cannot be deleted stays; it does no harm.</summary>
    public void Drop(TrialId trial, string digest)
    {
        foreach (var file in FilesOf(trial, digest).ToList())
        {
            Delete(file);
        }
    }

    /// <summary>Gives a trial a file of another one, durably. Does nothing where it is there already.</summary>
    /// <returns>Why it could not be copied; null when it is there.</returns>
    public string? Copy(TrialId from, TrialId to, CheckpointFile checkpoint)
    {
        var path = PathOf(to, checkpoint.FileName);
        if (File.Exists(path)) return null;

        try
        {
            PrivateFile.CreateMissingFolders(FolderOf(to));
            using var source = File.OpenRead(PathOf(from, checkpoint.FileName));
            using var copy = new AtomicFile(path, isPrivate: true);
            source.CopyTo(copy.Stream);
            copy.Stream.Position = 0;
            if (Digest.Of(copy.Stream) != checkpoint.Digest) return $"{source.Name} does not have the SHA-256 that it is named after";

            copy.Commit();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    /// <summary>Deletes what an ended trial left behind: half-written files, uploads that nobody went on with, checkpoints that were
    /// never committed, and the folders of a program.</summary>
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

        foreach (var left in Directory.EnumerateDirectories(folder).ToList())
        {
            Try(() => Directory.Delete(left, recursive: true));
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

    private IEnumerable<string> FilesOf(TrialId trial, string digest) =>
        Digest.IsOne(digest) && Directory.Exists(FolderOf(trial))
            ? Directory.EnumerateFiles(FolderOf(trial), digest + "*").Where(file => CheckpointFile.IsFileName(Path.GetFileName(file)))
            : [];

    private static void Delete(string file) => Try(() => File.Delete(file));

    private static void Try(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
        }
    }
}
