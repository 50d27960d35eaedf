using System.Text;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Tests.Files;

public sealed class LogFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Lines_that_are_still_written_wait()
    {
        File.WriteAllText(_file, "one\ntwo\nthr");
        Assert.Equal(("one\ntwo\n", 8), LogFile.Read(_file, 0, isWhole: false));
        Assert.Equal(("", 8), LogFile.Read(_file, 8, isWhole: false));
        Assert.Equal(("thr", 11), LogFile.Read(_file, 8, isWhole: true));
        Assert.Equal(("", 11), LogFile.Read(_file, 11, isWhole: true));
    }

    [Fact]
    public void A_long_log_comes_in_parts_that_make_the_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"line {i} Grüße 中\n")) + new string('中', 200_000) + "\nend";
        File.WriteAllText(_file, text);
        var read = new StringBuilder();
        for (var (part, next) = LogFile.Read(_file, 0, isWhole: true); part.Length > 0; (part, next) = LogFile.Read(_file, next, isWhole: true))
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(part), 1, LogFile.MaxBytes);
            read.Append(part);
        }

        Assert.Equal(text, read.ToString());
    }

    [Fact]
    public void No_file_is_no_text() => Assert.Equal(("", 5), LogFile.Read(_file + ".none", 5, isWhole: true));

    [Fact]
    public void Beyond_the_end_there_is_nothing() => Assert.Equal(("", 100), LogFile.Read(_file, 100, isWhole: true));

    [Fact]
    public void Several_logs_are_read_as_one()
    {
        using var folder = new TemporaryFolder();
        string[] texts = ["one\n", "", "two\n", "thr"];
        var paths = texts.Select((text, i) =>
        {
            File.WriteAllText(folder[$"{i}"], text);
            return folder[$"{i}"];
        }).ToList();
        Assert.Equal(("one\n", 4), LogFile.Read(paths, 0, isWhole: false));
        Assert.Equal(("two\n", 8), LogFile.Read(paths, 4, isWhole: false));
        Assert.Equal(("", 8), LogFile.Read(paths, 8, isWhole: false));
        Assert.Equal(("thr", 11), LogFile.Read(paths, 8, isWhole: true));
    }

    [Fact]
    public void The_logs_of_attempts_come_in_their_order()
    {
        using var folder = new TemporaryFolder();
        Assert.All(["10.log", "2.log", "1.log", "x.log", "3.log.partial", "0.log"], name => File.WriteAllText(folder[name], ""));
        Assert.Equal(["1.log", "2.log", "10.log"], LogFile.OfAttempts(folder.Path).Select(log => log.Name));
        Assert.Empty(LogFile.OfAttempts(folder["nowhere"]));
    }

    public void Dispose() => File.Delete(_file);
}
