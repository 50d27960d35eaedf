using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The folder <c>.seqsweep</c> of a project: database, checkpoints, logs.</summary>
internal static class ProjectFolder
{
    /// <summary>Writes a <c>.gitignore</c> into it; not into a folder of another name, which is not ours.</summary>
    public static void KeepOutOfGit(string folder)
    {
        var file = Path.Combine(folder, ".gitignore");
        if (Path.GetFileName(folder) == ".seqsweep" && !File.Exists(file))
        {
            PrivateFile.Write(file, "*\n"u8);
        }
    }
}
