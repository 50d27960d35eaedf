using System.Text;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class HostileSweepTests
{
    public static TheoryData<string, string, string> Files => new()
    {
        { "a file beyond the limit", new string('#', 5_000_000), "W010" },
        { "a line of a megabyte", "method: grid\nname: " + new string('x', 1_000_000), "W010" },
        { "a quoted line of a megabyte", "method: grid\nname: \"" + new string('x', 1_000_000) + "\"", "W010" },
        { "a megabyte of values", "method: grid\nparameters: {lr: {values: [" + string.Join(",", Enumerable.Repeat("0.1", 250_000)) + "]}}", "W013" },
        { "a comment of a megabyte", "# " + new string('x', 1_000_000) + "\nmethod: gird", "W120" },
        { "an alias bomb", Bomb(), "W013" },
        { "a merge bomb", MergeBomb(), "W013" },
        { "aliases nested beyond the depth", DeepAliases(), "W011" },
        { "deep flow sequences", "method: " + new string('[', 100_000), "W011" },
        { "deep flow mappings", "method: " + string.Concat(Enumerable.Repeat("{a: ", 50_000)), "W011" },
        { "deep block sequences", string.Concat(Enumerable.Repeat("- ", 50_000)) + "a", "W011" },
        { "deep indentation", string.Join("\n", Enumerable.Range(0, 1000).Select(i => new string(' ', i) + "a:")), "W011" },
        { "many question marks", string.Concat(Enumerable.Repeat("? ", 20_000)) + "a", "W011" },
        { "a NUL", "method: grid\nname: a\0b", "W016" },
        { "bytes that are not UTF-8", "method: grid\nname: a\uFFFDb", "W016" },
        { "half of a surrogate pair", "method: grid\nname: a\uD800b", "W016" },
        { "a mark in the middle", "method: grid\nname: a\uFEFFb", "W016" },
        { "a long expression", "method: grid\nconstraints: [{require: '" + string.Join("+", Enumerable.Repeat("1", 10_000)) + " > 0'}]", "W201" },
        { "a deep expression", "method: grid\nconstraints: [{require: '" + new string('(', 400) + "1'}]", "W201" },
        { "many signs", "method: grid\nconstraints: [{require: '" + new string('-', 900) + "1 > 0'}]", "W201" },
        { "many anchors", "method: gird\nx-a:\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"  - &a{i} {i}\n")), "W120" },
        { "a number of a thousand digits", "method: grid\nrun_cap: " + new string('9', 1000), "W102" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_hostile_file_is_refused_within_a_second(string what, string text, string code)
    {
        var start = ThreadClock.Now();
        var result = Sweeps.Parse(text);
        var rendered = DiagnosticRenderer.Render(result);
        var took = ThreadClock.Now() - start;
        Assert.True(took < TimeSpan.FromSeconds(1), $"{what} took {took} of processor time");
        Assert.True(result.HasErrors);
        Assert.True(result.Diagnostics.Any(d => d.Code == code), what + "\n" + rendered);
        Assert.True(rendered.Length < 20_000, $"{rendered.Length} characters");
    }

    [Fact]
    public void No_random_text_of_yaml_characters_throws()
    {
        const string Characters = "ab:-?[]{}&*!|>'\"%@`#,. \n\n  \t<\\0";
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder(i % 2 == 0 ? "method: grid\nparameters:\n  " : "");
            for (var j = 0; j < i % 60; j++)
            {
                text.Append(Characters[random.Next(Characters.Length)]);
            }

            Assert.NotNull(DiagnosticRenderer.Render(Sweeps.Parse(text.ToString())));
        }
    }

    [Fact]
    public void A_byte_order_mark_and_any_line_ends_change_nothing()
    {
        const string Text = "method: grid\nparameters:\n  levels: {values: [7, 8]}\n";
        var plain = Sweeps.Valid(Text);
        Assert.Equal(plain.Digest, Sweeps.Valid("\uFEFF" + Text).Digest);
        Assert.Equal(plain.Digest, Sweeps.Valid(Text.Replace("\n", "\r\n")).Digest);
        Assert.Equal(["W101:3:3"], Sweeps.Findings("method: grid\r\nparameters:\r\n  levls: {values: [7, 8]}\r\n"));
    }

    private static string Bomb()
    {
        var text = new StringBuilder("method: grid\nx-0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
        for (var i = 1; i < 20; i++)
        {
            text.Append($"x-{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        }

        return text.ToString();
    }

    private static string MergeBomb()
    {
        var text = new StringBuilder("method: grid\nx-0: &a0 {" + string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"k{i}: 1")) + "}\n");
        return text.Append("x-1: {<<: [" + string.Join(", ", Enumerable.Repeat("*a0", 500)) + "]}\n").ToString();
    }

    private static string DeepAliases()
    {
        var text = new StringBuilder("method: grid\nx-0: &a0 [1]\n");
        for (var i = 1; i < 100; i++)
        {
            text.Append($"x-{i}: &a{i} [*a{i - 1}]\n");
        }

        return text.ToString();
    }
}
