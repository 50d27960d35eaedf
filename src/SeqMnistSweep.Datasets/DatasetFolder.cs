namespace SeqMnistSweep.Datasets;

/// <summary>The outcome of checking one file: <see cref="Error"/> is null when it holds the published bytes.</summary>
public sealed record DatasetFileCheck(string Path, string Expected, string? Found, string? Error);

/// <summary>Reads the four files of one dataset from one folder, each with or without .gz, and compares them with what is
/// published.</summary>
internal static class DatasetFolder
{
    /// <summary>A folder holds a dataset as soon as one of its files is there; what is missing then is an error, not a reason to look
    /// elsewhere.</summary>
    public static bool Holds(DatasetLocation location) =>
        location.Dataset.Files.Any(file => Exists(location.Folder, file.Name) || Exists(location.Folder, file.Name + ".gz"));

    /// <exception cref="DatasetException">The first file that is missing, broken or not the published one.</exception>
    public static Dataset Load(DatasetLocation location)
    {
        var (name, files) = (location.Dataset.Name, location.Dataset.Files);
        var contents = files.Select(file => Read(location, file)).ToArray();
        var cure = location.Dataset.Cure(location.Folder);
        return new Dataset(
            name,
            location.Dataset.Digest,
            IdxFile.Join(contents[0], contents[1], cure),
            IdxFile.Join(contents[2], contents[3], cure));
    }

    /// <summary>Checks every file, whatever the others give.</summary>
    public static IReadOnlyList<DatasetFileCheck> Check(DatasetLocation location)
    {
        var checks = new List<DatasetFileCheck>();
        foreach (var file in location.Dataset.Files)
        {
            var path = PathOf(location.Folder, file.Name);
            string? found = null;
            string? error = null;
            try
            {
                found = IdxFile.Read(path, file.Kind, location.Dataset.Cure(location.Folder)).Sha256;
                error = Difference(location, file, path, found);
            }
            catch (DatasetException broken)
            {
                error = broken.Message;
            }

            checks.Add(new DatasetFileCheck(path, file.Sha256, found, error));
        }

        return checks;
    }

    private static IdxContent Read(DatasetLocation location, DatasetFile file)
    {
        var path = PathOf(location.Folder, file.Name);
        var content = IdxFile.Read(path, file.Kind, location.Dataset.Cure(location.Folder));
        return Difference(location, file, path, content.Sha256) is { } error ? throw new DatasetException(error) : content;
    }

    private static string? Difference(DatasetLocation location, DatasetFile file, string path, string found) =>
        found == file.Sha256
            ? null
            : $"{path}: it is not the published {file.Name} of {location.Dataset.Name}: the SHA-256 of its decompressed bytes is {found}; "
                + $"expected {file.Sha256}; {location.Dataset.Cure(location.Folder)}";

    private static string PathOf(string folder, string name) =>
        Exists(folder, name) ? Path.Combine(folder, name) : Path.Combine(folder, name + ".gz");

    private static bool Exists(string folder, string name) => Path.Exists(Path.Combine(folder, name));
}
