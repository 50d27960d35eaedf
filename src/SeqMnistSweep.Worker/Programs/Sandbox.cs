using System.ComponentModel;
using System.Diagnostics;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A sandbox for users' programs, of bubblewrap. A program sees the machine's files but may write only in the trial's
/// folders and a <c>/tmp</c> of its own; it sees no other process, and not what keeps keys in the account's home. It may use the network.</summary>
public static class Sandbox
{
    private const string Program = "bwrap";

    /// <summary>The program runs as the first descendant of a process namespace, which ends with it and all that it started.</summary>
    private static readonly ImmutableArray<string> Walls =
    [
        Program, "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev",
        "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/run",
        "--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve",
    ];

    /// <summary>What keeps keys, below the account's home.</summary>
    private static readonly ImmutableArray<string> Keys =
    [
        ".ssh", ".gnupg", ".aws", ".azure", ".config", ".docker", ".kube", ".local/state", ".netrc", ".pypirc",
        ".git-credentials", ".kaggle",
    ];

    /// <summary>What comes before a program's command. SIGTERM is for the program: bubblewrap itself would end of it, and kill the
    /// program.</summary>
    /// <param name="start">The folder in which the program is started.</param>
    /// <param name="readable">Further folders that it must see, wherever they are.</param>
    /// <param name="writable">The folders in which it may write.</param>
    public static ImmutableArray<string> Around(string start, IEnumerable<string> readable, IEnumerable<string> writable) =>
    [
        "/usr/bin/env", "--ignore-signal=TERM", .. Walls, .. Hidden(), .. Devices(),
        .. readable.SelectMany(folder => (string[])["--ro-bind-try", folder, folder]),
        "--ro-bind", start, start, .. writable.SelectMany(folder => (string[])["--bind", folder, folder]), "--chdir", start,
        "--", "/usr/bin/env", "--default-signal=TERM",
    ];

    /// <summary>Why no sandbox can be had on this machine; null when one can.</summary>
    public static string? Problem()
    {
        try
        {
            using var trial = Process.Start(
                new ProcessStartInfo(Program, [.. Walls.Skip(1), "--", "/bin/true"]) { RedirectStandardError = true })!;
            var said = trial.StandardError.ReadToEnd();
            trial.WaitForExit();
            return trial.ExitCode == 0 ? null : $"bwrap does not work here: {said.Trim()}";
        }
        catch (Win32Exception)
        {
            return "bwrap is not installed";
        }
    }

    private static IEnumerable<string> Hidden()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var place in Keys.Select(name => Path.Combine(home, name)))
        {
            if (Directory.Exists(place))
            {
                yield return "--tmpfs";
                yield return place;
            }
            else if (File.Exists(place))
            {
                yield return "--ro-bind";
                yield return "/dev/null";
                yield return place;
            }
        }
    }

    private static IEnumerable<string> Devices() =>
        Directory.GetFileSystemEntries("/dev", "nvidia*").Append("/dev/dri").Append("/dev/kfd")
            .SelectMany(device => (string[])["--dev-bind-try", device, device]);
}
