using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Tests.Runners;

public sealed class TrialLogWriterTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_flood_ends_at_the_limit_and_the_last_words_are_known_all_the_same()
    {
        var log = new TrialLogWriter(maxBytes: 1 << 20);
        log.Open(_file);
        for (var i = 0; i < 50_000; i++)
        {
            log.Write($"line {i} {new string('x', 100)}");
        }

        log.Write("the last word");
        Assert.Equal("the last word", log.LastWords);
        log.Open(null);
        Assert.InRange(new FileInfo(_file).Length, 1 << 20, (1 << 20) + 300);
        Assert.Equal("[seqsweep] this attempt has logged 1 MiB; what follows is thrown away", File.ReadLines(_file).Last());
    }

    [Fact]
    public void The_next_attempt_may_log_as_much_again()
    {
        var log = new TrialLogWriter(maxBytes: 10);
        log.Open(_file);
        log.Write("one and more");
        log.Write("two");
        log.Open(_file);
        log.Write("three");
        log.Open(null);
        Assert.Equal(["one and more", "three"], File.ReadLines(_file).Where(line => !line.StartsWith('[')));
    }

    public void Dispose() => File.Delete(_file);
}
