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
}
