namespace SeqMnistSweep.Cli.Hosting;

/// <summary>How this program starts itself as a runner.</summary>
internal static class RunnerCommandLine
{
    /// <param name="libtorch">Folder of an existing libtorch, from <c>--libtorch</c>; null for the one that came with the build, or SEQSWEEP_LIBTORCH.</param>
    public static IReadOnlyList<string> For(string? libtorch)
    {
        var program = Environment.ProcessPath!;
        var command = new List<string> { program };

        // Under "dotnet seqsweep.dll" the process is the dotnet host; the program is its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            command.Add(Path.Combine(AppContext.BaseDirectory, "seqsweep.dll"));
        }

        command.Add("runner");
        if (libtorch is not null)
        {
            command.AddRange(["--libtorch", Path.GetFullPath(libtorch)]);
        }

        return command;
    }
}
