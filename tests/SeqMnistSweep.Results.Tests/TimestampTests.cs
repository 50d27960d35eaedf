namespace SeqMnistSweep.Results.Tests;

public sealed class TimestampTests
{
    [Theory]
    [InlineData("2026-11-23T10:00:00.000Z")]
    [InlineData("2024-02-29T23:59:59.999Z")]
    [InlineData("0001-01-01T00:00:00.001Z")]
    public void A_time_is_read_as_it_was_written(string text) => Assert.Equal(text, Timestamp.Format(Timestamp.Parse(text)));

    [Fact]
    public void Times_are_in_UTC() => Assert.Equal(new DateTimeOffset(2026, 11, 23, 10, 1, 2, 30, TimeSpan.Zero), Timestamp.Parse("2026-11-23T10:01:02.030Z"));

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-23 10:00:00.000Z")]
    [InlineData("2026-11-23T10:00:00Z")]
    [InlineData("2026-11-23T10:00:00.000+01")]
    [InlineData("2026-02-30T10:00:00.000Z")]
    [InlineData("2026-11-23T24:00:00.000Z")]
    [InlineData("2026-11-2xT10:00:00.000Z")]
    [InlineData("２026-11-23T10:00:00.000Z")]
    public void Anything_else_is_no_time(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => Timestamp.Parse(text)).Message, StringComparison.Ordinal);
}
