using System.Diagnostics;
using System.Reflection;
using System.Text;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A folder of its own in which the real program is run as a user runs it.</summary>
internal sealed class SeqSweep : IDisposable
{
    private static readonly Dictionary<string, string> Metadata = typeof(SeqSweep).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(a => a.Key, a => a.Value!);

    public static string Program { get; } = Path.GetFullPath(Metadata["seqsweep"]);

    public static string Repository { get; } = Path.GetFullPath(Metadata["repository"]);

    public string Folder { get; } = Directory.CreateTempSubdirectory("seqsweep-e2e-").FullName;

    public string Database => Path.Combine(Folder, ".seqsweep", "sweeps.db");

    public ResultReader Reader => new(Database);

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    /// <summary>Runs to the end.</summary>
    public async Task<Ended> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return await process.EndAsync();
    }

    public RunningProgram Start(params string[] arguments) => new(Program, arguments, Folder);

    public RestoredSweep OnlySweep()
    {
        var row = Assert.Single(Reader.Sweeps());
        return Reader.LoadSweep(SweepId.Parse(row.Sweep))!;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A process of this test is still going down; the system cleans the temporary folder.
        }
    }
}

internal sealed record Ended(int Code, string Output, string Error)
{
    /// <summary>What every run of the program owes its user.</summary>
    public Ended WithoutStackTrace()
    {
        Assert.DoesNotContain("   at ", Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Error, StringComparison.Ordinal);
        return this;
    }

    public Ended Expect(int code)
    {
        Assert.True(Code == code, $"exit code {Code} instead of {code}\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>The program under way; its output is kept. Killed with its children when disposed.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly string _command;

    /// <param name="inside">A command that becomes the program, such as <c>ip netns exec NAME</c>; empty for none.</param>
    public RunningProgram(string program, string[] arguments, string folder, params string[] inside)
    {
        _command = $"{Path.GetFileName(program)} {string.Join(' ', arguments)}";

        // A shell starts its background jobs with SIGINT ignored, nohup all with SIGHUP, and so would the program be; env becomes the program,
        // same process id.
        string[] command = [.. inside, "env", "--default-signal=INT,HUP", program, .. arguments];
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(info)!;
        _process.StandardInput.Close();
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>Standard error so far.</summary>
    public string Error => Text(_error);

    public async Task<Ended> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_command} did not end in {Patience}:\n{_output}\n{_error}");
        }

        return new Ended(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public void Signal(string name) => SignalTo(Id, name);

    public static void SignalTo(int pid, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>Process ids of its runners now.</summary>
    public IReadOnlyList<int> Runners() => ChildProcesses.Of(Id, "runner");

    /// <summary>Waits for a condition; fails with the program's output when it does not come true. Programs need the cores: looking takes
    /// a tenth of the time at most.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var (start, looked) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(10))
            {
                Assert.Fail($"{what} did not happen in 10 minutes:\n{_output}\n{_error}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20) + (9 * Stopwatch.GetElapsedTime(looked)));
            looked = Stopwatch.GetTimestamp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }
}
