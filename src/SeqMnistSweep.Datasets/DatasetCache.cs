using SeqMnistSweep.Files;

namespace SeqMnistSweep.Datasets;

/// <summary>The user's cache: a dataset is prepared in a hidden staging folder under a lock and appears whole, by one rename. So a reader
/// sees all of a dataset or nothing, and processes that fetch at once do not disturb each other.</summary>
internal sealed class DatasetCache(string root)
{
    public string FolderOf(string name) => Path.Combine(root, name);

    /// <summary>What a broken-off fetch left here is gone on with by the next one.</summary>
    public string StagingOf(string name) => Path.Combine(root, $".{name}{AtomicFile.PartialSuffix}");

    /// <summary>The dataset's lock until disposed, or null while another holds it; the system frees it when a process dies.</summary>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache may not be written.</exception>
    public IDisposable? TryLock(string name) => ExclusiveFile.TryHold(LockOf(name));

    /// <summary>The same, once nobody else holds it.</summary>
    /// <inheritdoc cref="TryLock" path="/exception"/>
    public async Task<IDisposable> LockAsync(string name, TimeProvider time, CancellationToken cancellation) =>
        await ExclusiveFile.HoldAsync(LockOf(name), time, cancellation).ConfigureAwait(false);

    /// <summary>Makes the staging folder the dataset, in place of what was there. The caller holds the lock.</summary>
    public void Publish(string name)
    {
        var (folder, old) = (FolderOf(name), Path.Combine(root, $".{name}.old"));
        DeleteFolder(old);
        if (Directory.Exists(folder))
        {
            Directory.Move(folder, old);
        }

        Directory.Move(StagingOf(name), folder);
        DeleteFolder(old);
    }

    private string LockOf(string name) => Path.Combine(Directory.CreateDirectory(root).FullName, $".{name}.lock");

    public static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
