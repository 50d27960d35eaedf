using System.Diagnostics;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A terminal of 80 columns and 50 lines, as tmux draws it, with the program on its path.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly string Path = $"{System.IO.Path.GetDirectoryName(SeqSweep.Program)}:{Environment.GetEnvironmentVariable("PATH")}";

    private readonly string _socket = $"seqsweep-{Guid.NewGuid():N}";
    private int _commands;

    /// <param name="variables">Set in its shell.</param>
    public Terminal(string folder, params (string Name, string Value)[] variables)
    {
        string[] shell = ["env", "PS1=READY>", $"PATH={Path}", .. variables.Select(v => $"{v.Name}={v.Value}"), "bash", "--norc"];
        Tmux(["-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "50", "-c", folder, .. shell]);
    }

    /// <summary>What stands on the screen; with <paramref name="codes"/> its colours too.</summary>
    public string Screen(bool codes = false) => Tmux(codes ? ["capture-pane", "-p", "-e"] : ["capture-pane", "-p"]).TrimEnd('\n');

    /// <summary>Types a command and waits until it has ended.</summary>
    /// <returns>The lines it left on the screen.</returns>
    public async Task<string[]> RunAsync(string line, Action<string>? meanwhile = null)
    {
        // A prompt of its own: the one before is also on a screen that has not been cleared yet.
        var prompt = $"READY{++_commands}>";
        Tmux("send-keys", "-l", $"PS1='{prompt}'; clear");
        Tmux("send-keys", "Enter");
        await UntilAsync(screen => screen == prompt, "an empty screen");
        Tmux("send-keys", "-l", line);
        Tmux("send-keys", "Enter");
        await UntilAsync(
            screen =>
            {
                meanwhile?.Invoke(screen);
                return screen != prompt && screen.EndsWith('\n' + prompt, StringComparison.Ordinal);
            },
            $"the end of '{line}'");
        return Screen().Split('\n')[1..^1];
    }

    /// <summary>Whether a line was too long, so that the terminal broke it.</summary>
    public bool HasBrokenLines() => Tmux("capture-pane", "-p", "-J").TrimEnd('\n').Split('\n').Any(line => line.TrimEnd().Length > 80);

    public bool ShowsCursor() => Tmux("display-message", "-p", "#{cursor_flag}").Trim() == "1";

    public void Dispose() => Tmux("kill-server");

    private async Task UntilAsync(Func<string, bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition(Screen()))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(3), $"{what} did not happen in 3 minutes:\n{Screen()}");
            await Task.Delay(100);
        }
    }

    private string Tmux(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("tmux", ["-L", _socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["TERM"] = "xterm-256color", ["LC_ALL"] = "C.UTF-8" } })!;
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"tmux {string.Join(' ', arguments)}: {error}");
        return output;
    }
}
