using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Console;

public sealed class CellTests
{
    [Theory]
    [InlineData("-3.4327280262793147", "-3.43273")]
    [InlineData("0.002", "0.002")]
    [InlineData("1111", "1111")]
    [InlineData("12345678901234", "12345678901234")]
    [InlineData("\"Adam\"", "Adam")]
    public void A_parameter_is_short_on_screen_and_whole_as_data(string json, string shown)
    {
        var cell = Cell.Of(JsonNode.Parse(json));
        Assert.Equal(shown, cell.Text);
        Assert.Equal(json.Trim('"'), cell.Data);
    }

    [Fact]
    public void A_time_is_UTC_as_data_and_local_with_its_zone_for_people()
    {
        var cell = Cell.Time("2026-11-28T20:01:36.066Z");
        var here = new DateTimeOffset(2026, 11, 28, 20, 1, 36, TimeSpan.Zero).ToLocalTime();
        Assert.Equal("2026-11-28T20:01:36.066Z", cell.Data);
        Assert.Equal(here.ToString("yyyy-MM-dd HH:mm:ss zzz", System.Globalization.CultureInfo.InvariantCulture), cell.Text);
        Assert.Equal(here.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), Cell.Time("2026-11-28T20:01:36.066Z", "HH:mm:ss").Text);
        Assert.Equal("", Cell.Time(null).Text);
    }
}
