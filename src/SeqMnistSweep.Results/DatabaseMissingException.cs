namespace SeqMnistSweep.Results;

/// <summary>There is no database file at <paramref name="path"/>.</summary>
public sealed class DatabaseMissingException(string path) : Exception($"there is no database {path}")
{
    /// <summary>The full path where no database is.</summary>
    public string Path { get; } = path;
}
