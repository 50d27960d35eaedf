using System.Diagnostics;
using System.Text;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The browser of the desktop that this program runs on, if it runs on one.</summary>
internal static class Desktop
{
    private const string Opener = "xdg-open";

    /// <summary>Opens a link that is a secret: the browser is given the name of a file that leads there, for every account of a machine
    /// sees the arguments of every process.</summary>
    /// <returns>False where there is no desktop.</returns>
    public static bool TryOpen(Uri link, Func<string, string?> variable)
    {
        if (!HasScreen(variable) || FolderOf(variable) is not { } folder) return false;

        try
        {
            PrivateFile.CreateFolder(folder);
            foreach (var old in Directory.EnumerateFiles(folder, "*.html"))
            {
                File.Delete(old);
            }

            var file = Path.Combine(folder, $"{Guid.NewGuid():N}.html");
            PrivateFile.Write(file, Encoding.UTF8.GetBytes(PageTo(link)));
            using var opener = Process.Start(new ProcessStartInfo(Opener, [file])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            });
            return opener is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static bool HasScreen(Func<string, string?> variable) =>
        variable("DISPLAY") is { Length: > 0 } || variable("WAYLAND_DISPLAY") is { Length: > 0 };

    private static string? FolderOf(Func<string, string?> variable) =>
        variable("XDG_RUNTIME_DIR") is { } runtime && Path.IsPathFullyQualified(runtime) ? Path.Combine(runtime, "seqsweep", "open")
        : UserFolders.State(variable) is { } state ? Path.Combine(state, "seqsweep", "open")
        : null;

    private static string PageTo(Uri link) =>
        $"""
        <!doctype html><meta charset="utf-8"><title>seqsweep</title><meta name="referrer" content="no-referrer">
        <meta http-equiv="refresh" content="0;url={System.Net.WebUtility.HtmlEncode(link.AbsoluteUri)}">
        """;
}
