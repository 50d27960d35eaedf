namespace SeqMnistSweep.Datasets;

/// <summary>The outcome of checking one file: <see cref="Error"/> is null when it holds the published bytes.</summary>
public sealed record DatasetFileCheck(string Path, string Expected, string? Found, string? Error);

/// <summary>Reads the four files of a dataset, each with or without .gz, and compares them with what is published.</summary>
internal static class DatasetFolder
{
    /// <summary>As soon as one of its files is there; what is missing then is an error, not a reason to look elsewhere.</summary>
    public static bool Holds(DatasetLocation location) =>
        location.Dataset.Files.Any(file => Exists(location.Folder, file.Name) || Exists(location.Folder, file.Name + ".gz"));

    /// <exception cref="DatasetException">The first file that is missing, broken or not the published one.</exception>
    public static Dataset Load(DatasetLocation location)
    {
        var dataset = location.Dataset;
        var contents = dataset.Files.Select(file => Read(location, file)).ToArray();
        var cure = dataset.Cure(location.Folder);
        var (train, test) = (IdxFile.Join(contents[0], contents[1], cure), IdxFile.Join(contents[2], contents[3], cure));
        return new Dataset(dataset.Name, dataset.Digest, train, test);
    }

    /// <summary>Checks every file, whatever the others give.</summary>
    public static IReadOnlyList<DatasetFileCheck> Check(DatasetLocation location) =>
        [.. location.Dataset.Files.Select(file => Check(location, file))];

    private static DatasetFileCheck Check(DatasetLocation location, DatasetFile file)
    {
        var path = PathOf(location.Folder, file.Name);
        try
        {
            var found = IdxFile.Read(path, file.Kind, location.Dataset.Cure(location.Folder)).Sha256;
            return new DatasetFileCheck(path, file.Sha256, found, Difference(location, file, path, found));
        }
        catch (DatasetException broken)
        {
            return new DatasetFileCheck(path, file.Sha256, null, broken.Message);
        }
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
