namespace SeqMnistSweep.Datasets;

/// <summary>A file on its way: the bytes so far, and beside them in NAME.source the address and the validator (ETag or date) of the version
/// they are of. Without a validator nothing is resumed, for the rest could be of another version.</summary>
internal sealed class PartialFile(string path)
{
    private readonly string _sourcePath = path + ".source";

    public string Path => path;

    /// <summary>How many bytes of this source are here; 0 when it must be fetched from the start.</summary>
    public long ResumableFrom(Uri source) => ValidatorOf(source) is null ? 0 : new FileInfo(path).Length;

    /// <summary>The validator to send with If-Range, or null.</summary>
    public string? ValidatorOf(Uri source)
    {
        if (!File.Exists(path) || !File.Exists(_sourcePath)) return null;

        var lines = File.ReadAllLines(_sourcePath);
        return lines.Length == 2 && lines[0] == source.AbsoluteUri && lines[1].Length > 0 ? lines[1] : null;
    }

    /// <summary>Opens for a fresh transfer and forgets what was here.</summary>
    public FileStream Restart(Uri source, string? validator)
    {
        Delete();
        File.WriteAllLines(_sourcePath, [source.AbsoluteUri, validator ?? ""]);
        return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
    }

    public FileStream Append() => new(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    public void MoveTo(string target)
    {
        File.Move(path, target, overwrite: true);
        File.Delete(_sourcePath);
    }

    public void Delete()
    {
        File.Delete(path);
        File.Delete(_sourcePath);
    }
}
