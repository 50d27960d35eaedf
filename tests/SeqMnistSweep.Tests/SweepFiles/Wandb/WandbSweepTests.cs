using SeqMnistSweep.Definitions;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Wandb;

namespace SeqMnistSweep.Tests.SweepFiles.Wandb;

public sealed class WandbSweepTests
{
    private static readonly Dictionary<string, (string Expected, string Text)> Cases = Read();

    public static TheoryData<string> Titles => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Titles))]
    public void A_file_for_W_and_B_is_taken_as_it_is(string title)
    {
        var (expected, text) = Cases[title];
        var result = SweepFile.Parse(text, "sweep.yaml", comparedToWandb: true);
        var shown = result.Diagnostics.Where(finding => finding.Code != DiagnosticCodes.WandbDiffers).Select(finding => $"{finding.Code}:{finding.Line}").Order();
        Assert.True(result.Definition is not null, DiagnosticRenderer.Render(result));
        Assert.True(expected.Split(' ').Order().SequenceEqual(shown), $"expected {expected}\nfound    {string.Join(' ', shown)}\n{DiagnosticRenderer.Render(result)}");
        Assert.Contains(result.Diagnostics, finding => finding.Code == DiagnosticCodes.WandbDiffers);
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void What_is_exported_is_taken_by_W_and_B_and_draws_the_same(string title)
    {
        var sweep = Sweeps.Valid(Cases[title].Text);
        var export = WandbExport.Of(sweep);
        var result = SweepFile.Parse(export.Yaml, "sweep.yaml", comparedToWandb: true);
        var again = result.Definition;
        Assert.True(again is not null, export.Yaml + DiagnosticRenderer.Render(result));
        var refused = result.Diagnostics.Count(finding => finding.Code == DiagnosticCodes.WandbRefuses || finding.Code == DiagnosticCodes.WandbReads);
        Assert.True(refused == (title == "Names for Hydra" ? 1 : 0), export.Yaml + DiagnosticRenderer.Render(result));
        Assert.Equal(refused, export.Lost.Count(sentence => sentence.Contains("will refuse", StringComparison.Ordinal)));

        Assert.Equal((sweep.Name, sweep.Program, sweep.Metric, sweep.RunCap, sweep.EarlyTerminate?.Settings), (again.Name, again.Program, again.Metric, again.RunCap, again.EarlyTerminate?.Settings));
        Assert.Equal([.. sweep.Command], again.Command.ToArray());
        Assert.Equal(Drawn(sweep), Drawn(again));
    }

    /// <summary>Each beside a file that is right but for it; the schema of 2026-08 refuses exactly these.</summary>
    [Theory]
    [InlineData("method: sobol", 1)]
    [InlineData("seeds: {count: 3}", 1)]
    [InlineData("name: 123", 1)]
    [InlineData("run_cap: 0", 1)]
    [InlineData("run_cap: 5.0", 0)]
    [InlineData("command: train.py", 1)]
    [InlineData("metric: {goal: minimize}", 1)]
    [InlineData("metric: {name: loss, goal: minimise, target: 1e-3}", 2)]
    [InlineData("early_terminate: {type: asha}", 1)]
    [InlineData("early_terminate: {type: hyperband, eta: 1}", 2)]
    [InlineData("early_terminate: {type: hyperband, max_iter: 27, s: 2, strict: yes}", 0)]
    [InlineData("early_terminate: {type: hyperband, min_iter: 1.5}", 1)]
    [InlineData("parameters: {}", 1)]
    [InlineData("parameters: {9x: {value: 1}, no: {value: 1}}", 2)]
    [InlineData("parameters: {x: 3}", 1)]
    [InlineData("parameters: {x: {min: 1}}", 1)]
    [InlineData("parameters: {x: {min: 1, max: 1e3}}", 1)]
    [InlineData("parameters: {x: {min: 3, max: 2}}", 1)]
    [InlineData("parameters: {x: {distribution: int_uniform, min: 1.0, max: 2.0}}", 2)]
    [InlineData("parameters: {x: {distribution: normal, min: 1, sigma: -1}}", 2)]
    [InlineData("parameters: {x: {values: [1, 2], distribution: categorical, probabilities: [0.5, 0.5]}}", 1)]
    [InlineData("parameters: {x: {values: [1, 2], probabilities: [0.5, 0.6]}}", 1)]
    [InlineData("parameters: {x: {values: [1], when: {y: 1}}}", 1)]
    [InlineData("parameters: {x: {parameters: {y: {value: 1}}, value: 2}}", 1)]
    [InlineData("parameters: {x: {distribution: log_uniform_values, min: 0, max: 1}}", 1)]
    public void What_W_and_B_refuses_is_told(string key, int refused)
    {
        var lines = new[] { "program: train.py", "method: random", "metric: {name: loss}", "parameters: {x: {value: 1}}" };
        var text = string.Join('\n', lines.Where(line => line.Split(':')[0] != key.Split(':')[0]).Append(key));
        var findings = SweepFile.Parse(text, "sweep.yaml", comparedToWandb: true).Diagnostics.Where(finding => finding.Code == DiagnosticCodes.WandbRefuses).ToList();
        Assert.True(findings.Count == refused, string.Join('\n', findings.Select(finding => finding.Message)));
    }

    [Fact]
    public void A_grid_goes_in_W_and_Bs_order_nested_names_included()
    {
        var sweep = Sweeps.Valid("""
            program: train.py
            method: grid
            metric: {name: loss}
            parameters:
              b: {values: [1, 2]}
              a.z: {values: [1, 2]}
              a: {parameters: {x: {values: [1, 2]}}}
            """);

        // a.wbnest[...].x comes before a.z, and a before b; the last is the fastest.
        Assert.Equal(
            ["1 1 1", "2 1 1", "1 2 1", "2 2 1", "1 1 2"],
            Drawn(sweep).Take(5).Select(point => $"{point["b"]} {point["a.z"]} {point["a"]!.AsMap()[0].Value}"));
    }

    [Fact]
    public void What_W_and_B_has_no_words_for_is_said()
    {
        var export = WandbExport.Of(Sweeps.Valid("""
            method: grid
            seeds: {count: 3, base: 7}
            limits: {trial_time: 1h}
            constraints: [{require: hidden * levels <= 400}]
            enqueue: [{levels: 8, optimizer: Adam, hidden: 20}]
            zip: [[levels, hidden]]
            parameters:
              levels: {values: [7, 8]}
              hidden: {values: [20, 30]}
              optimizer: {values: [Adam, SGD]}
              momentum: {values: [0.5, 0.9], when: {optimizer: SGD}}
            """));

        string[] lost = ["constraints", "'when'", "'zip'", "'enqueue'", "'limits'", "built in"];
        Assert.Equal(lost.Length, export.Lost.Length);
        Assert.All(lost.Zip(export.Lost), pair => Assert.Contains(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Contains("  seed:\n    values: [7, 8, 9]\n", export.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_for_W_and_B_Launch_alone_is_told_what_it_lacks()
    {
        var result = Sweeps.Parse("job: lab/project/job:latest\nmethod: grid\nparameters: {param1: {min: 0, max: 10}}\n");
        Assert.Equal(["W103:1:1"], result.Diagnostics.Where(finding => finding.Severity == Severity.Error).Select(finding => $"{finding.Code}:{finding.Line}:{finding.Column}"));
    }

    /// <summary>The first fifty configurations, without the method's own wisdom.</summary>
    private static List<ParameterSet> Drawn(SweepDefinition sweep)
    {
        ISampler sampler = sweep.Method == "grid" ? new GridSampler(sweep.Space) : new RandomSampler(sweep.Space, 0);
        var points = new List<ParameterSet>();
        for (var cursor = 0L; points.Count < 50 && sampler.Propose(cursor, new SearchHistory()) is { } proposal; cursor = proposal.NextCursor)
        {
            points.Add(proposal.Parameters);
        }

        return points;
    }

    private static Dictionary<string, (string Expected, string Text)> Read()
    {
        var cases = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (var block in RepositoryFiles.Read("tests", "SeqMnistSweep.Tests", "SweepFiles", "Wandb", "wandb-sweeps.txt").Split("\n=== ").Skip(1))
        {
            var end = block.IndexOf('\n', StringComparison.Ordinal);
            var head = block[..end].Split(" | ");
            cases.Add(head[0], (head[1].Trim(), block[(end + 1)..] + "\n"));
        }

        return cases;
    }
}
