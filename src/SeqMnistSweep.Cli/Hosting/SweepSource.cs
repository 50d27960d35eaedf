using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>Reads sweep files for commands.</summary>
internal static class SweepSource
{
    private const long MaxBytes = 64 << 20;

    /// <param name="file">A path, relative to the command's folder, or <c>-</c> for standard input.</param>
    /// <param name="comparedToWandb">As in <see cref="SweepFile.Parse"/>.</param>
    /// <exception cref="CommandError">There is no such file, or it cannot be read.</exception>
    public static SweepFileResult Parse(CommandContext context, string file, bool comparedToWandb = false)
    {
        if (file == "-") return SweepFile.Parse(context.In.ReadToEnd(), "stdin.yaml", comparedToWandb);

        var path = Path.Combine(context.Folder, file);
        try
        {
            if (Directory.Exists(path))
            {
                throw new CommandError(ExitCodes.NotFound, $"{file} is a folder, not a sweep file", "name a .yaml file");
            }

            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new CommandError(ExitCodes.InvalidSweepFile, $"{file} is larger than 64 MiB: that is no sweep file");
            }

            return SweepFile.Parse(File.ReadAllText(path), file, comparedToWandb);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"there is no file {file}",
                Nearest(path) is { } nearest ? $"did you mean {Path.Combine(Path.GetDirectoryName(file) ?? "", nearest)}?"
                    : "seqsweep init writes one to start from");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandError(ExitCodes.NotFound, $"{file} cannot be read: {error.Message}");
        }
    }

    /// <summary>The sweep file beside that was probably meant; null where none is like it.</summary>
    private static string? Nearest(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        return Directory.Exists(folder)
            ? NearestName.Of(
                Path.GetFileName(path),
                Directory.EnumerateFiles(folder, "*.y*ml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal))
            : null;
    }

    /// <summary>The definition; warnings are said, errors end the command with code 3.</summary>
    public static SweepDefinition Require(CommandContext context, SweepFileResult result)
    {
        if (!result.Diagnostics.IsEmpty)
        {
            context.Error.Write(DiagnosticRenderer.Render(result));
        }

        return result.Definition ?? throw new CommandError(
            ExitCodes.InvalidSweepFile, $"{result.FileName} is not valid", "seqsweep explain KEY tells what a key takes");
    }

    /// <summary>What is wrong with the user's program of a sweep on this machine, and the fix.</summary>
    /// <inheritdoc cref="ProgramFile.Problem"/>
    public static (string Problem, string Fix)? ProgramProblem(SweepDefinition definition, string folder, string sweepFile) =>
        definition.Program == TrainableCatalog.Asked || TrainableCatalog.Find(definition.Program) is not null
            ? null
            : ProgramFile.Problem(definition.Program, definition.Command, folder, sweepFile);

    /// <summary>Says what is wrong with the program here, where it may be right on the workers.</summary>
    public static void WarnOfProgram(CommandContext context, SweepDefinition definition, string sweepFile)
    {
        if (ProgramProblem(definition, context.Folder, sweepFile) is var (problem, fix))
        {
            context.Say($"warning: {problem}; each worker needs it in its own folder ({fix})");
        }
    }
}
