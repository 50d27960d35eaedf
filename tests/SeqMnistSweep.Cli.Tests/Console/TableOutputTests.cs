using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Console;

public sealed class TableOutputTests
{
    private static readonly ConsoleProfile Pipe = new(IsTerminal: false, Colour: false, Animation: false, Unicode: true, Width: null);

    [Fact]
    public void A_pipe_gets_tabs_and_every_letter()
    {
        var text = Write(OutputFormat.Table, Pipe);
        Assert.Equal($"name\tvalue\nshort\t1.5\n{new string('x', 200)}\t\n", text);
    }

    [Fact]
    public void A_terminal_gets_aligned_columns_that_fit()
    {
        var text = Write(OutputFormat.Table, Pipe with { IsTerminal = true, Width = 20 });
        Assert.Equal("name           value\nshort            1.5\nxxxxxxxxxxxx…\n", text);
    }

    [Fact]
    public void A_very_narrow_terminal_loses_columns_and_is_told()
    {
        var writer = new StringWriter();
        Assert.Equal(1, Table().Write(writer, OutputFormat.Table, Pipe with { IsTerminal = true, Width = 9 }));
    }

    [Fact]
    public void Ids_and_numbers_are_never_cut()
    {
        var table = new TableOutput(["trial", "message", "value"]);
        table.Add(Cell.Of("a-very-long-sweep-name-7f3k/17"), Cell.Of(new string('m', 100)), Cell.Of(123456L));
        var text = Text(table, OutputFormat.Table, Pipe with { IsTerminal = true, Width = 60 });

        Assert.Contains("a-very-long-sweep-name-7f3k/17", text, StringComparison.Ordinal);
        Assert.Contains("123456", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 60, line));
    }

    [Fact]
    public void CSV_is_quoted_where_it_must_be()
    {
        var table = new TableOutput(["a", "b"]);
        table.Add(Cell.Of("x,\"y\"\nz"), Cell.Of(0.1));
        Assert.Equal("a,b\n\"x,\"\"y\"\"\nz\",0.1\n", Text(table, OutputFormat.Csv, Pipe));
    }

    [Fact]
    public void JSON_keeps_kinds_and_has_unique_names()
    {
        var table = new TableOutput(["a", "a", "b"]);
        table.Add(Cell.Of(1L), Cell.Of(0.5), Cell.Of(null));
        Assert.Equal("{\"a\":1,\"a_2\":0.5,\"b\":null}\n", Text(table, OutputFormat.JsonLines, Pipe));
    }

    [Fact]
    public void Control_characters_never_reach_a_terminal()
    {
        var table = new TableOutput(["a"]);
        table.Add(Cell.Of("red\u001b[31m\ttab\nline"));
        Assert.Equal("a\nred [31m tab line\n", Text(table, OutputFormat.Table, Pipe with { IsTerminal = true, Width = 80 }));
        Assert.Equal("a\nred [31m tab line\n", Text(table, OutputFormat.Table, Pipe));
    }

    private static TableOutput Table()
    {
        var table = new TableOutput(["name", "value"]);
        table.Add(Cell.Of("short"), Cell.Of(1.5));
        table.Add(Cell.Of(new string('x', 200)), Cell.Of(null));
        return table;
    }

    private static string Write(string format, ConsoleProfile profile) => Text(Table(), format, profile);

    private static string Text(TableOutput table, string format, ConsoleProfile profile)
    {
        var writer = new StringWriter();
        table.Write(writer, format, profile);
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
