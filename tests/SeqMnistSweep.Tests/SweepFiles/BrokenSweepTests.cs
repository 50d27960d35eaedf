using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class BrokenSweepTests
{
    private static readonly Dictionary<string, (string Expected, string Text)> Cases = Read();

    public static TheoryData<string> Titles => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_broken_file_is_told_by_code_line_and_column(string title)
    {
        var (expected, text) = Cases[title];
        var start = ThreadClock.Now();
        var result = Sweeps.Parse(text);
        var took = ThreadClock.Now() - start;
        Assert.True(took < TimeSpan.FromSeconds(1), $"took {took} of processor time");
        var found = string.Join(' ', result.Diagnostics.Select(d => $"{d.Code}:{d.Line}:{d.Column}"));
        Assert.True(expected == found, $"expected {expected}\nfound    {found}\n{DiagnosticRenderer.Render(result)}");
        Assert.Equal(result.Diagnostics.Any(d => d.Severity == Severity.Error), result.HasErrors);
    }

    [Fact]
    public void Every_finding_has_a_known_code_one_line_of_text_and_lies_in_the_file()
    {
        var known = DiagnosticCodes.All.Select(code => code.Code).ToHashSet();
        foreach (var (title, (_, text)) in Cases)
        {
            var lines = text.Split('\n');
            foreach (var diagnostic in Sweeps.Parse(text).Diagnostics)
            {
                Assert.True(known.Contains(diagnostic.Code), title);
                Assert.DoesNotContain('\n', diagnostic.Message);
                Assert.True(diagnostic.Line >= 1 && diagnostic.Line <= lines.Length, title);
                Assert.True(diagnostic.Column >= 1 && diagnostic.Column + diagnostic.Length - 1 <= Math.Max(1, lines[diagnostic.Line - 1].Length + 1), title);
            }
        }
    }

    [Fact]
    public void Every_code_is_shown_by_a_file()
    {
        // Told by tests of their own: sizes, depth and characters do not fit into a text file; three warnings in SweepFileTests, W403 wherever files are compared with W&B.
        var elsewhere = new[] { "W010", "W011", "W013", "W016", "W303", "W307", "W308", "W403" };
        var wandb = RepositoryFiles.Read("tests", "SeqMnistSweep.Tests", "SweepFiles", "Wandb", "wandb-sweeps.txt").Split('\n')
            .Where(line => line.StartsWith("=== ", StringComparison.Ordinal)).Select(line => line.Split(" | ")[1]);
        var shown = Cases.Values.Select(c => c.Expected).Concat(wandb).SelectMany(expected => expected.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(finding => finding[..4]).ToHashSet();
        Assert.Equal([], DiagnosticCodes.All.Select(code => code.Code).Except(shown).Except(elsewhere));
    }

    [Fact]
    public void Any_piece_of_a_good_file_is_parsed_without_an_exception()
    {
        var text = RepositoryFiles.Read("sweeps", "permuted.yaml");
        for (var length = 0; length < text.Length; length += 3)
        {
            var result = SweepFile.Parse(text[..length], "permuted.yaml");
            Assert.NotNull(DiagnosticRenderer.Render(result));
        }
    }

    private static Dictionary<string, (string Expected, string Text)> Read()
    {
        var cases = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var file = RepositoryFiles.Read("tests", "SeqMnistSweep.Tests", "SweepFiles", "broken-sweeps.txt");
        foreach (var block in file.Split("\n=== ").Skip(1))
        {
            var end = block.IndexOf('\n', StringComparison.Ordinal);
            var head = (end < 0 ? block : block[..end]).Split(" | ");
            cases.Add(head[0], (head[1].Trim(), (end < 0 ? "" : block[(end + 1)..] + "\n").Replace('⇥', '\t')));
        }

        return cases;
    }
}
