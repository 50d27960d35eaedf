using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting;

namespace SeqMnistSweep.Cli.Tests.Hosting;

public sealed class LogTests
{
    private const string Forged = "root@prod\n20:00:00  error: the head was compromised\r\u001b]0;owned\u0007\u001b[31mred";

    [Fact]
    public void Nobody_writes_a_line_of_the_log_but_the_program()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "logs", "head.log");
        var console = new StringWriter();
        using (var file = new FileLog(path, TimeProvider.System))
        using (var shown = new ConsoleLog(console, TimeProvider.System))
        {
            foreach (var log in (LineLog[])[file, shown])
            {
                log.CreateLogger("SeqMnistSweep.X").LogWarning(new InvalidOperationException(Forged), "{By} drains a worker", Forged);
            }
        }

        foreach (var text in (string[])[console.ToString(), File.ReadAllText(path)])
        {
            Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter is not ('\n' or '\r'));
            Assert.DoesNotContain(text.ReplaceLineEndings("\n").Split('\n'), line => line.StartsWith("20:00:00", StringComparison.Ordinal));
        }

        Assert.Single(console.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void Ten_files_are_kept_and_none_is_much_larger_than_it_may_be()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "logs", "head.log");
        using (var log = new FileLog(path, TimeProvider.System, maxBytes: 1000))
        {
            var logger = log.CreateLogger("X");
            for (var i = 0; i < 1000; i++)
            {
                logger.LogInformation("line {Number}", i);
            }
        }

        var files = Directory.GetFiles(Path.GetDirectoryName(path)!);
        Assert.Equal(FileLog.MaxFiles, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 1200));
        Assert.EndsWith("line 999", File.ReadAllText(path).TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("line 1\n", string.Concat(files.Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_else_may_read_a_log()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "logs", "head.log");
        using var log = new FileLog(path, TimeProvider.System);
        log.CreateLogger("X").LogInformation("a line");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }
}
