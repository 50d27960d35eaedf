namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What <c>seqsweep run</c> was told.</summary>
/// <param name="Database">Checkpoints and logs lie beside it.</param>
/// <param name="Device"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
/// <param name="Parallel">Trials at the same time; null for one per core and <c>resources.threads</c> on a CPU, one on a GPU.</param>
/// <param name="New">Start another sweep even if one with this content is there.</param>
/// <param name="Priors">Ids of the sweeps whose results the search begins with.</param>
internal sealed record RunOptions(
    string File, string Database, string? DataFolder, string? Libtorch, string Device, int? Parallel, bool New,
    ImmutableArray<string> Priors)
{
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(Database))!;
}
