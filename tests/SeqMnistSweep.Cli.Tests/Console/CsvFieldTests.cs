using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Console;

public sealed class CsvFieldTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("+1+2", "'+1+2")]
    [InlineData("-1+2", "'-1+2")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\uFF1D1+1", "'\uFF1D1+1")]
    [InlineData("'=1", "''=1")]
    [InlineData("-1.5e-3", "-1.5e-3")]
    [InlineData("+3", "+3")]
    [InlineData("-", "-")]
    [InlineData("adam", "adam")]
    [InlineData("'quoted'", "'quoted'")]
    [InlineData("\u001b[31mred", " [31mred")]
    [InlineData("two\r\nlines\t", "two\r\nlines\t")]
    public void No_spreadsheet_computes_a_text_and_no_terminal_obeys_it(string text, string field) => Assert.Equal(field, CsvField.Harmless(text));

    [Theory]
    [InlineData("=1")]
    [InlineData("'=1")]
    [InlineData("''=1")]
    [InlineData("'quoted'")]
    [InlineData("-1+2")]
    [InlineData("-5")]
    [InlineData("")]
    public void A_text_is_read_back_as_it_was(string text) => Assert.Equal(text, CsvField.Original(CsvField.Harmless(text)));

    [Fact]
    public void A_table_in_CSV_is_harmless_and_its_numbers_are_numbers()
    {
        var table = new TableOutput(["=name", "value"]);
        table.Add("=1+1", -2.5);
        table.Add("\u001b]0;owned\u0007", -3L);
        var text = new StringWriter { NewLine = "\n" };
        table.Write(text, OutputFormat.Csv, ConsoleProfile.Decide(null, _ => null));
        Assert.Equal("'=name,value\n'=1+1,-2.5\n ]0;owned ,-3\n", text.ToString());
    }
}
