using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>Which program an attempt ran, and where: facts of its trial, by which its result can be had again.</summary>
internal static class Provenance
{
    /// <summary>A repository that takes longer to look through goes unnamed.</summary>
    private static readonly TimeSpan AnswersIn = TimeSpan.FromSeconds(5);

    /// <param name="program">The program's file, where it is one.</param>
    /// <param name="argv">Without values of the worker's own variables, which may be secret.</param>
    /// <param name="path">The PATH on which the command is found.</param>
    public static async Task<ImmutableSortedDictionary<string, string>> OfAsync(
        string program, IReadOnlyList<string> argv, string folder, string path)
    {
        var facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        facts["argv"] = JsonSerializer.Serialize(argv, JsonPolicy.OneLine);
        facts["host"] = Environment.MachineName;
        if (InterpreterOf(argv, program, folder, path) is { } interpreter)
        {
            facts["interpreter"] = await BehindAsync(interpreter, folder) is { } real && real != interpreter
                ? $"{interpreter} -> {real}"
                : interpreter;
        }

        if (File.Exists(program))
        {
            try
            {
                facts["program_sha256"] = await Digest.OfFileAsync(program, CancellationToken.None);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // What cannot be read has no digest.
            }
        }

        if (await GitStatusAsync(File.Exists(program) ? Path.GetDirectoryName(program)! : folder) is { } status)
        {
            AddGit(facts, status);
        }

        return facts.ToImmutable();
    }

    /// <param name="status">Of <c>git status --porcelain=v2 --branch</c>.</param>
    internal static void AddGit(IDictionary<string, string> facts, string status)
    {
        const string Commit = "# branch.oid ";
        var lines = status.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.FirstOrDefault(line => line.StartsWith(Commit, StringComparison.Ordinal)) is not { } found) return;

        facts["git_commit"] = found[Commit.Length..].Trim();
        facts["git_dirty"] = lines.Any(line => line[0] != '#') ? "true" : "false";
    }

    /// <summary>The file that the command starts. Null where that is the program itself, or nothing is found.</summary>
    internal static string? InterpreterOf(IReadOnlyList<string> argv, string program, string folder, string path)
    {
        var word = argv.SkipWhile(word => Path.GetFileName(word) == "env" || word.IndexOf('=', StringComparison.Ordinal) > 0)
            .FirstOrDefault();
        if (word is null) return null;

        var file = word.Contains('/', StringComparison.Ordinal)
            ? Path.GetFullPath(word, folder)
            : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(place => Path.Combine(folder, place, word))
                .FirstOrDefault(File.Exists);
        return file is null || file == program || !File.Exists(file) ? null : file;
    }

    /// <summary>What an interpreter is without links: <c>/usr/bin/python3.11</c>. A script in its place, as pyenv's are, is asked.</summary>
    private static async Task<string?> BehindAsync(string interpreter, string folder)
    {
        var real = ProgramFile.IsScript(interpreter) && Path.GetFileName(interpreter).StartsWith("python", StringComparison.Ordinal)
            ? (await AnswerAsync(interpreter, ["-I", "-S", "-c", "import sys; print(sys.executable)"], folder))?.Trim()
            : interpreter;
        return real is { Length: > 0 } ? FileGuard.RealPath(real) : null;
    }

    /// <returns>Null where there is no git, or the folder is in no repository of this account's.</returns>
    private static Task<string?> GitStatusAsync(string folder) => AnswerAsync(
        "git", ["-c", "core.fsmonitor=false", "status", "--porcelain=v2", "--branch", "--untracked-files=no", "--ignore-submodules"],
        folder);

    /// <returns>What it prints; null where there is no such program, or it fails.</returns>
    private static async Task<string?> AnswerAsync(string file, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["GIT_OPTIONAL_LOCKS"] = "0" },
        };
        using var late = new CancellationTokenSource(AnswersIn);
        try
        {
            using var asked = Process.Start(start)!;
            using var end = late.Token.Register(asked.Kill);
            asked.StandardInput.Close();
            var (answer, errors) = (asked.StandardOutput.ReadToEndAsync(), asked.StandardError.ReadToEndAsync());
            await Task.WhenAll(answer, errors, asked.WaitForExitAsync());
            return asked.ExitCode == 0 ? await answer : null;
        }
        catch (Exception error) when (error is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
