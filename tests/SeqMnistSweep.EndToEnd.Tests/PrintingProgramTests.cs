using System.Text.Json.Nodes;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>A script that only prints, as it is, under a file whose search has no end.</summary>
public sealed class PrintingProgramTests
{
    [Fact]
    public async Task It_runs_as_it_is_as_often_as_count_says_and_what_ran_is_known()
    {
        using var place = new SeqSweep();
        place.Write("train.py", """
            import argparse, os, sys
            parser = argparse.ArgumentParser()
            parser.add_argument("--lr", type=float)
            lr = parser.parse_args().lr
            for epoch in range(2):
                print(f"Epoch {epoch}: train {os.environ['MODE']}")
                print(f"  val/loss = {lr / (epoch + 1):.3f}, seed {os.environ['SEEDED']}", file=sys.stderr)
            """);
        place.Write("sweep.yaml", """
            program: train.py
            project: mnist
            method: random
            metric: {name: val/loss, goal: minimize}
            parameters: {lr: {values: [0.1, 0.2, 0.4]}, width: {value: 3}}
            env: {MODE: fast, SEEDED: "s${seed}"}
            command: ["${env}", "${interpreter}", "${program}", "--lr", "0.5"]
            metrics_pattern: 'Epoch (?P<epoch>\d+)|(?P<name>val/\w+) = (?P<value>\S+)'
            """);
        var run = (await place.RunAsync("run", "sweep.yaml", "--count", "1")).WithoutStackTrace().Expect(0);
        Assert.Contains("note[W304]", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("W302", run.Error, StringComparison.Ordinal);
        var board = run.Output.Split('\n').Select(line => line.Split('\t')).ToList();
        Assert.Equal(["rank", "trial", "value", "deviation", "seeds", "lr", "epoch"], board[0]);
        Assert.Equal(("0.25", "2"), (board[1][2], board[1][6]));

        var trial = JsonNode.Parse((await place.RunAsync("show", "@last/1", "-o", "json")).Expect(0).Output)!;
        Assert.Equal([0.5, 0.25], trial["reports"]!.AsArray().Select(report => (double)report!["val/loss"]!));
        var facts = trial["facts"]!.AsArray().ToDictionary(fact => (string)fact!["fact"]!, fact => (string)fact!["value"]!);
        Assert.Equal("""["/usr/bin/env","python3","train.py","--lr","0.5"]""", facts["argv"].Replace("\"python\"", "\"python3\"", StringComparison.Ordinal));
        Assert.Equal(64, facts["program_sha256"].Length);
        Assert.Contains("python", facts["interpreter"], StringComparison.Ordinal);
        Assert.Equal(Environment.MachineName, facts["host"]);
        var exported = JsonNode.Parse((await place.RunAsync("export", "--format", "jsonl")).Expect(0).Output)!;
        Assert.Equal(facts["program_sha256"], (string?)JsonNode.Parse((string)exported["facts"]!)!["program_sha256"]);

        Assert.Contains("has ended already", (await place.RunAsync("run", "sweep.yaml", "--count", "1")).Expect(0).Error, StringComparison.Ordinal);
        Assert.Contains("--extend goes on with it to 2 trials", (await place.RunAsync("run", "sweep.yaml", "--count", "2")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("--run-cap 2", (await place.RunAsync("run", trial["trial"]!.ToString().Split('/')[0], "--count", "2")).Expect(2).Error, StringComparison.Ordinal);
    }
}
