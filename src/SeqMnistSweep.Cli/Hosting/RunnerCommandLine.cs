using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>How this program starts itself as another part of it.</summary>
internal static class RunnerCommandLine
{
    /// <param name="libtorch">From <c>--libtorch</c>; null for SEQSWEEP_LIBTORCH or the one that came with the build.</param>
    public static IReadOnlyList<string> For(string? libtorch)
    {
        List<string> command = [.. Self(), "runner"];
        if (libtorch is not null)
        {
            command.AddRange(["--libtorch", Path.GetFullPath(libtorch)]);
        }

        return command;
    }

    /// <summary>For <see cref="Worker.WorkerOptions.KeeperCommand"/>.</summary>
    public static IReadOnlyList<string> Keeper() => [.. Self(), Hosting.Keeper.Verb];

    /// <summary>For <see cref="HeadOptions.QueryCommand"/>.</summary>
    public static IReadOnlyList<string> Query() => [.. Self(), QueryChild.Verb];

    /// <summary>The beginning of every command line of this program.</summary>
    public static IReadOnlyList<string> Self()
    {
        var program = Environment.ProcessPath!;

        // Under "dotnet seqsweep.dll" the process is the dotnet host; the program is its first argument.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Path.Combine(AppContext.BaseDirectory, "seqsweep.dll")]
            : [program];
    }
}
