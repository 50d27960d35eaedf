namespace SeqMnistSweep.Clients;

/// <summary>The Python modules that come with this program.</summary>
public static class PythonSources
{
    /// <summary>The module of seqsweep itself.</summary>
    public const string Module = "seqsweep.py";

    /// <summary>By file name, in UTF-8.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<byte>> All { get; } =
        new[] { Module, "wandb.py" }.ToImmutableSortedDictionary(name => name, Read, StringComparer.Ordinal);

    private static ImmutableArray<byte> Read(string name)
    {
        using var resource = typeof(PythonSources).Assembly.GetManifestResourceStream(name)!;
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return [.. content];
    }
}
