using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Results;
using SeqMnistSweep.Training;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Cli.Tests.Golden;

/// <summary>
/// What every command prints, word by word, on a terminal of 80 columns, in a pipe, without colour and as JSON. The files are written
/// anew under <c>SEQSWEEP_GOLDEN=write</c>; read what has changed before it is kept.
/// </summary>
public sealed partial class GoldenTests(GoldenHead head) : IClassFixture<GoldenHead>, IDisposable
{
    static GoldenTests()
    {
        // Tables show the time of day of whoever reads them.
        Environment.SetEnvironmentVariable("TZ", "UTC");
        TimeZoneInfo.ClearCachedData();
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, Verb> VerbsByName = CommandLine.Build(CommandContext.OfProcess()).Subcommands.OfType<Verb>().ToDictionary(verb => verb.Name);

    private readonly Workplace _place = new() { Clock = new StoppedClock(Now) };

    public static TheoryData<string> Verbs => [.. GoldenCases.Shown.Keys];

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Every_verb_has_golden_output_an_example_and_a_line_in_the_help()
    {
        var shown = VerbsByName.Values.Where(verb => !verb.Hidden).ToList();
        var help = new StringWriter();
        new HelpText(CommandLine.Build(CommandContext.OfProcess()), null).WriteRoot(help);
        var words = help.ToString().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(shown.Select(verb => verb.Name).Order(), GoldenCases.Shown.Keys.Order());
        Assert.All(shown, verb => Assert.NotEmpty(verb.Examples));
        Assert.All(shown, verb => Assert.All(verb.Examples, example => Assert.StartsWith("seqsweep ", example.Line, StringComparison.Ordinal)));
        Assert.All(shown, verb => Assert.Contains(verb.Name, words));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_command_prints_what_it_always_printed(string verb)
    {
        var text = new StringBuilder();
        await AppendAsync(text, $"{verb} --help", "pipe");
        foreach (var line in GoldenCases.Shown[verb])
        {
            await AppendAsync(text, line, "pipe", "terminal", "json", "no colour");
        }

        Compare(verb, text.ToString());
    }

    private static void Compare(string verb, string text)
    {
        var path = RepositoryFiles.PathOf("tests", "SeqMnistSweep.Cli.Tests", "Golden", $"{verb}.txt");
        if (Environment.GetEnvironmentVariable("SEQSWEEP_GOLDEN") == "write")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>Runs one command in each mode and writes down what came out, once where modes say the same.</summary>
    private async Task AppendAsync(StringBuilder text, string line, params string[] modes)
    {
        var printed = new List<(string Mode, string Text)>();
        foreach (var mode in modes)
        {
            printed.Add((mode, await RunAsync(line, mode)));
        }

        foreach (var same in printed.GroupBy(one => one.Text, one => one.Mode))
        {
            text.Append(CultureInfo.InvariantCulture, $"$ seqsweep {line}    # {string.Join(", ", same)}, {same.Key}\n");
        }
    }

    /// <summary>Runs one command in a folder of its own kind.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    private async Task<string> RunAsync(string line, string mode)
    {
        await PrepareAsync(line);
        _place.Width = mode is "terminal" or "no colour" ? 80 : null;
        _place.Variables["COLUMNS"] = "80"; // and not those of whoever runs the tests
        _place.Variables.Remove("NO_COLOR");
        if (mode == "no colour")
        {
            _place.Variables["NO_COLOR"] = "1";
        }

        var words = line.Split(' ').SelectMany(Words).Concat(mode == "json" ? ["-o", "json"] : Array.Empty<string>()).ToArray();
        var run = await _place.RunAsync(words);
        CheckManners(line, mode, run);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"exit code {run.ExitCode}\n");
        Append(text, "", run.Out);
        Append(text, "! ", run.Error.Contains(_place.Folder, StringComparison.Ordinal) ? Unwrapped(run.Error) : run.Error);
        return text.ToString();
    }

    /// <summary>The same every time: commands may have written files.</summary>
    private async Task PrepareAsync(string line)
    {
        foreach (var file in Directory.EnumerateFiles(_place.Folder))
        {
            File.Delete(file);
        }

        if (!File.Exists(_place.Database))
        {
            await SeededResults.WriteAsync(_place.Database);
        }

        if (line.Contains(PlottedSweep.Id, StringComparison.Ordinal))
        {
            await PlottedSweep.WriteAsync(_place.Database);
        }

        _place.Link = new FakeHead { State = line.StartsWith("watch", StringComparison.Ordinal) ? Trials.SweepState.Completed : Trials.SweepState.Running };
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "sweep.yaml"), SeededResults.Spec);
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "bayes.yaml"), SeededResults.Spec.Replace("grid", "bayes\nrun_cap: 9", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "points.csv"), "x0,value\n0.1,0.5\n0.2,0.9\n0.3,0.7\n");
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "curves.csv"), "trial,epoch,metric,seconds\na,1,0.5,2\na,2,0.25,2\nb,1,0.75,1\nb,2,0.5,1.5\n");
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "best.csv"), "levels,lr,val_accuracy\n5,0.001,0.97\n7,0.002,0.98\n");
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "broken.yaml"), "method: gird\nparameters:\n  x0: {values: [0.1]}\n");
    }

    /// <summary>What holds for every command whatever it prints.</summary>
    private static void CheckManners(string line, string mode, CommandRun run)
    {
        if (run.ExitCode is not ExitCodes.Ok and not ExitCodes.InvalidSweepFile)
        {
            Assert.True(run.Out.Length == 0, $"'{line}' failed and yet wrote to stdout: {run.Out}");
            if (mode == "json")
            {
                var error = JsonDocument.Parse(run.Error.Trim().Split('\n')[^1]).RootElement.GetProperty("error");
                Assert.Equal(ExitCodes.Name(run.ExitCode), error.GetProperty("code").GetString());
                Assert.NotEmpty(error.GetProperty("message").GetString()!);
            }
        }

        if (mode != "terminal")
        {
            Assert.DoesNotContain('\u001b', run.Out + run.Error);
        }
    }

    /// <summary>Where an error breaks must not depend on how long the name of the temporary folder is.</summary>
    private static string Unwrapped(string error) => error.Replace("\n       ", " ", StringComparison.Ordinal);

    private string[] Words(string word) => word switch
    {
        "HEAD" => ["--head", head.Url],
        "NOHEAD" => ["--head", "http://127.0.0.1:9"],
        _ when word.StartsWith("select_", StringComparison.Ordinal) || word.StartsWith("drop_", StringComparison.Ordinal) => [word.Replace('_', ' ')],
        _ => [word],
    };

    private void Append(StringBuilder text, string mark, string output)
    {
        foreach (var line in Normal(output).TrimEnd('\n').Split('\n').Where(line => output.Length > 0))
        {
            text.Append(mark).Append(line).Append('\n');
        }
    }

    /// <summary>Without what differs from machine to machine and from run to run.</summary>
    private string Normal(string output)
    {
        var normal = output
            .Replace(_place.Folder, "/place", StringComparison.Ordinal)
            .Replace(head.Url, "http://gpu-head:8080", StringComparison.Ordinal)
            .Replace(head.Folder, "/head", StringComparison.Ordinal)
            .Replace(HeadSession.By, "ada@lab", StringComparison.Ordinal)
            .Replace(RuntimeInformation.FrameworkDescription, "RUNTIME", StringComparison.Ordinal)
            .Replace(RuntimeInformation.OSDescription, "OS", StringComparison.Ordinal)
            .Replace(ResultDatabase.SqliteVersion, "SQLITE", StringComparison.Ordinal)
            .Replace(KernelWidth.Available[0].ToString(), "KERNELS", StringComparison.Ordinal)
            .Replace(ProgramVersion.Commit ?? "COMMIT", "COMMIT", StringComparison.Ordinal)
            .Replace("\u001b", "\\e", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal);
        return SizePattern().Replace(BytesPattern().Replace(PidPattern().Replace(normal, "pid N"), "BYTES bytes"), "\"bytes\": BYTES");
    }

    [GeneratedRegex(@"pid \d+")]
    private static partial Regex PidPattern();

    [GeneratedRegex("\"bytes\": \\d+")]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"[\d,]+ bytes")]
    private static partial Regex BytesPattern();

    /// <summary>One moment for what is shown; timers run.</summary>
    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>One head for all of the tests, on a database that none of them changes: what they ask of its grains goes to a <see cref="FakeHead"/>.</summary>
public sealed class GoldenHead : IAsyncLifetime
{
    private TestHead? _head;

    public string Folder { get; } = Directory.CreateTempSubdirectory("seqsweep-golden-").FullName;

    public string Url => _head!.Url;

    public async Task InitializeAsync()
    {
        var database = Path.Combine(Folder, "sweeps.db");
        await SeededResults.WriteAsync(database);
        _head = await TestHead.StartAsync(database);
    }

    public async Task DisposeAsync()
    {
        await _head!.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
