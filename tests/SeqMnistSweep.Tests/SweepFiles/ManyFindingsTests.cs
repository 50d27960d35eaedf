using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class ManyFindingsTests
{
    public static TheoryData<string> Faulty => new()
    {
        "method: grid\n" + Lines(i => $"nonsense{i}: 1"),
        "method: random\nrun_cap: 1\nparameters:\n" + Lines(i => $"  levls{i}: {{value: 1}}"),
        "method: random\nrun_cap: 1\nparameters:\n" + Lines(i => $"  levels{i}: {{min: 3, max: 1}}"),
        "method: random\nrun_cap: 1\nprogram: x\nmetric: {name: v}\nconstraints:\n" + Lines(i => $"  - {{require: \"a{i} <\"}}"),
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_hundred_findings_are_told_and_the_rest_is_counted(string text)
    {
        var result = SweepFile.Parse(text, "a.yaml");
        Assert.True(result.HasErrors);
        Assert.InRange(result.Diagnostics.Count(finding => finding.Severity == Severity.Error), 1, 100);
        Assert.InRange(result.Diagnostics.Length, 1, 200);
        Assert.InRange(result.Diagnostics.Length + result.More, 2900, 10_000);
        Assert.Contains($"... and {result.Diagnostics.Length - 20 + result.More} more", DiagnosticRenderer.Render(result), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_is_short_however_long_the_text_is_that_it_is_about()
    {
        var result = SweepFile.Parse($"method: {new string('x', 50_000)}\n", "a.yaml");
        Assert.All(result.Diagnostics, finding => Assert.InRange($"{finding.Message}{finding.Label}{finding.Help}".Length, 1, 3000));
    }

    [Fact]
    public void Nothing_is_sought_for_findings_that_are_not_told()
    {
        var bag = new DiagnosticBag();
        var sought = 0;
        for (var i = 0; i < 1000; i++)
        {
            bag.Error(DiagnosticCodes.UnknownKey, SourceSpan.Start, $"unknown key '{i}'", null, () => $"{++sought}");
        }

        Assert.Equal((100, 900, 1000), (sought, bag.More, bag.Errors));
    }

    private static string Lines(Func<int, string> line) => string.Concat(Enumerable.Range(0, 3000).Select(i => line(i) + "\n"));
}
