using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What scripts in Python print, and what becomes of it: each shape is a trial of one sweep.</summary>
public sealed class ReportShapeTests
{
    private const string Script = """
        import argparse, json, sys
        parser = argparse.ArgumentParser()
        parser.add_argument("--shape")
        shape = parser.parse_args().shape
        def say(**line): print(json.dumps(line))
        if shape == "line": say(epoch=1, val_loss=0.25)
        if shape == "number in a text": say(epoch=1, val_loss="0.250")
        if shape == "progress bar": print("\r10%\r" + json.dumps({"epoch": 1, "val_loss": 0.25}))
        if shape == "nested": say(epoch=1, val_loss=0.25, val={"acc": 1}, done=True)
        if shape == "two lines": [(say(epoch=e, train_loss=1 / e), say(epoch=e, val_loss=0.5 / e)) for e in (1, 2)]
        if shape == "configuration": say(lr=0.1, epochs=2, note="config"); [say(epoch=e, val_loss=0.5 / e) for e in (1, 2)]
        if shape == "from 0": [say(epoch=e, val_loss=0.5 / (e + 1)) for e in range(2)]
        if shape == "other name": say(epoch=1, valid_loss=0.25, lr=1)
        if shape == "text": print("Epoch 1: val_loss=0.25")
        if shape == "dict": print({"epoch": 1, "val_loss": 0.25})
        if shape == "prefix": print("INFO 12:00:01 " + json.dumps({"epoch": 1, "val_loss": 0.25}))
        if shape == "error": sys.stderr.write(json.dumps({"epoch": 1, "val_loss": 0.25}) + "\n")
        if shape == "list": print(json.dumps([{"epoch": 1, "val_loss": 0.25}]))
        if shape == "steps": [say(step=s, val_lss=0.25) for s in range(3)]
        """;

    [Fact]
    public async Task Seeds_reach_the_program_and_its_values_differ()
    {
        using var place = new SeqSweep();
        place.Write("seeds.py", """
            import json, random, sys
            random.seed(int(sys.argv[1].removeprefix("--seed=")))
            print(json.dumps({"val_loss": random.random()}))
            """);
        place.Write("seeds.yaml", """
            program: seeds.py
            command: ["${env}", "${interpreter}", "${program}", "--seed=${seed}"]
            method: grid
            seeds: {count: 3}
            metric: {name: val_loss, goal: minimize}
            parameters: {lr: {value: 0.1}}
            """);
        (await place.RunAsync("run", "seeds.yaml")).WithoutStackTrace().Expect(0);
        Assert.Equal(3, place.OnlySweep().Trials.Select(trial => trial.Value).Distinct().Count());
        Assert.True(Assert.Single(place.Reader.Leaderboard(place.OnlySweep().Sweep.Id)).Deviation > 0);
    }

    [Fact]
    public async Task Each_shape_has_its_value_or_a_cause_that_names_what_it_was()
    {
        using var place = new SeqSweep();
        place.Write("shapes.py", Script);
        place.Write("shapes.yaml", """
            program: shapes.py
            method: grid
            metric: {name: val_loss, goal: minimize}
            limits: {max_failures: 100}
            parameters:
              shape: {values: [line, number in a text, progress bar, nested, two lines, configuration, from 0, other name, text, dict, prefix, error, list, steps]}
            """);
        (await place.RunAsync("run", "shapes.yaml")).WithoutStackTrace().Expect(0);

        var sweep = place.OnlySweep();
        var trials = sweep.Trials.ToDictionary(trial => trial.Parameters["shape"]!.AsText());
        foreach (var (shape, epochs) in new[] { ("line", 1), ("number in a text", 1), ("progress bar", 1), ("nested", 1), ("two lines", 2), ("configuration", 2), ("from 0", 2) })
        {
            Assert.Equal((shape, TrialState.Completed, 0.25, epochs), (shape, trials[shape].State, trials[shape].Value, trials[shape].Epoch));
        }

        var merged = sweep.Reports.Last(report => report.Trial == trials["two lines"].Number).Report;
        Assert.Equal((0.5, 0.25), (merged["train_loss"], merged["val_loss"]));
        Assert.Equal(1, sweep.Reports.Single(report => report.Trial == trials["nested"].Number).Report["val.acc"]);

        const string Output = "named in 1 line that only a metrics_pattern could read, the first on standard output: ";
        foreach (var (shape, said) in new[]
        {
            ("other name", "it reported lr, valid_loss; the sweep ranks on val_loss; did you mean valid_loss?"),
            ("text", Output + "Epoch 1: val_loss=0.25"),
            ("dict", Output + "{'epoch': 1"),
            ("prefix", Output + "INFO 12:00:01"),
            ("list", Output + "[{"),
            ("error", "the first on standard error: {"),
            ("steps", "its steps have val_lss; did you mean val_lss?"),
        })
        {
            Assert.Equal((shape, TrialState.Failed, FailureCause.NoMetric), (shape, trials[shape].State, trials[shape].Cause));
            Assert.Contains(said, trials[shape].Message, StringComparison.Ordinal);
        }
    }
}
