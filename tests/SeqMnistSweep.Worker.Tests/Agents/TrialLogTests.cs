using System.Text;
using SeqMnistSweep.Worker.Agents;

namespace SeqMnistSweep.Worker.Tests.Agents;

public sealed class TrialLogTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Lines_that_are_still_written_wait()
    {
        File.WriteAllText(_file, "one\ntwo\nthr");
        Assert.Equal(("one\ntwo\n", 8), TrialLog.Read(_file, 0, isWhole: false));
        Assert.Equal(("", 8), TrialLog.Read(_file, 8, isWhole: false));
        Assert.Equal(("thr", 11), TrialLog.Read(_file, 8, isWhole: true));
        Assert.Equal(("", 11), TrialLog.Read(_file, 11, isWhole: true));
    }

    [Fact]
    public void A_long_log_comes_in_parts_that_make_the_whole()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"line {i} Grüße 中\n")) + new string('中', 200_000) + "\nend";
        File.WriteAllText(_file, text);
        var read = new StringBuilder();
        for (var (part, next) = TrialLog.Read(_file, 0, isWhole: true); part.Length > 0; (part, next) = TrialLog.Read(_file, next, isWhole: true))
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(part), 1, TrialLog.MaxBytes);
            read.Append(part);
        }

        Assert.Equal(text, read.ToString());
    }

    [Fact]
    public void No_file_is_no_text() => Assert.Equal(("", 5), TrialLog.Read(_file + ".none", 5, isWhole: true));

    [Fact]
    public void Beyond_the_end_there_is_nothing() => Assert.Equal(("", 100), TrialLog.Read(_file, 100, isWhole: true));

    public void Dispose() => File.Delete(_file);
}
