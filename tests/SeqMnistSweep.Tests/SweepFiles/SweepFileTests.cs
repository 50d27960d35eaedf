using SeqMnistSweep.Definitions;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class SweepFileTests
{
    [Fact]
    public void The_smallest_file_is_one_trial_of_defaults()
    {
        var sweep = Sweeps.Valid("method: grid");
        Assert.Equal("sweep", sweep.Name);
        Assert.Equal("tcn", sweep.Program);
        Assert.Equal(new MetricGoal("val_accuracy", true), sweep.Metric);
        Assert.Equal(new SeedPlan(1, null), sweep.Seeds);
        Assert.Equal(2, sweep.Retry.Max);
        Assert.Equal(CheckpointKeep.Last, sweep.Checkpoint.Keep);
        Assert.Null(sweep.EarlyTerminate);
    }

    [Fact]
    public void Every_setting_reaches_the_definition()
    {
        var sweep = Sweeps.Valid("""
            version: 1
            name: full
            description: all of it
            tags: [a, b]
            method: random
            run_cap: 7
            sampler_seed: -3
            metric: {name: val_loss, target: 0.1}
            parameters: {lr: {min: 0.001, max: 0.1}}
            early_terminate: {type: median, warmup: 3}
            seeds: {count: 3, base: 1234}
            resources: {threads: 2, gpu_memory: 4GiB}
            limits: {trial_time: 1h30m, sweep_time: 2d, max_failures: 20, max_parallel: 8}
            retry: {max: 1, on: [worker_lost, out_of_memory], backoff: 500ms}
            checkpoint: {every: 5, keep: all}
            priority: -4
            """);
        Assert.Equal("a b", string.Join(" ", sweep.Tags));
        Assert.Equal(7, sweep.RunCap);
        Assert.Equal(-3, sweep.SamplerSeed);
        Assert.Equal(new MetricGoal("val_loss", false, 0.1), sweep.Metric);
        Assert.Equal("median", sweep.EarlyTerminate!.Type);
        Assert.Null(sweep.EarlyTerminate.Settings["startup"]);
        Assert.Equal(3, sweep.EarlyTerminate.Settings["warmup"]!.AsInteger());
        Assert.Equal(new SeedPlan(3, 1234), sweep.Seeds);
        Assert.Equal(new ResourceNeeds(2, 4L << 30), sweep.Resources);
        Assert.Equal(new SweepLimits(TimeSpan.FromMinutes(90), TimeSpan.FromDays(2), 20, 8), sweep.Limits);
        Assert.True(sweep.Retry.On.SequenceEqual([FailureCause.WorkerLost, FailureCause.OutOfMemory]));
        Assert.Equal(TimeSpan.FromMilliseconds(500), sweep.Retry.Backoff);
        Assert.Equal(new CheckpointPolicy(5, CheckpointKeep.All), sweep.Checkpoint);
        Assert.Equal(-4, sweep.Priority);
    }

    [Fact]
    public void A_file_of_wandb_works_as_it_is()
    {
        var result = Sweeps.Parse("""
            program: train.py
            project: mnist
            entity: me
            method: random
            run_cap: 10
            metric: {name: loss, goal: minimize}
            command: ["${env}", python3, "${program}", "${args}"]
            parameters:
              lr: {distribution: inv_log_uniform_values, min: 1e-4, max: 0.1}
              batch: {distribution: q_log_uniform_values, q: 8, min: 32, max: 256}
              opt: {parameters: {name: {values: [adam, sgd]}, decay: {value: 0}}}
            """);
        Assert.Equal(["W304", "W304"], result.Diagnostics.Select(d => d.Code));
        var space = result.Definition!.Space;
        Assert.Equal(["lr", "batch", "opt.name", "opt.decay"], space.Dimensions.Select(d => d.Name));
        Assert.Equal(["lr", "batch", "opt.name"], space.Varied);
        Assert.IsType<LogUniformValues>(space.Find("lr")!.Distribution);
        Assert.Equal("${program}", result.Definition.Command[2]);
    }

    [Theory]
    [InlineData("{min: 1, max: 5}", typeof(IntegerUniform))]
    [InlineData("{min: 0, max: 1.0}", typeof(Uniform))]
    [InlineData("{min: 1e-4, max: 1}", typeof(Uniform))]
    [InlineData("{min: 0x10, max: 0o77}", typeof(IntegerUniform))]
    [InlineData("{distribution: uniform, min: 1, max: 5}", typeof(Uniform))]
    [InlineData("{values: [1, a, null]}", typeof(Categorical))]
    [InlineData("{values: [1, 2], probabilities: [0.5, 0.5]}", typeof(WeightedCategorical))]
    [InlineData("{value: [1, 2]}", typeof(Constant))]
    public void The_kind_follows_from_keys_and_spelling(string parameter, Type kind)
    {
        var sweep = Sweeps.Valid($"method: random\nrun_cap: 1\nprogram: train.py\nmetric: {{name: loss}}\nparameters: {{x: {parameter}}}");
        Assert.IsType(kind, sweep.Space.Dimensions[0].Distribution);
    }

    [Theory]
    [InlineData("1e-4", ParameterKind.Real)]
    [InlineData("010", ParameterKind.Integer)]
    [InlineData("1.10", ParameterKind.Real)]
    [InlineData("'1'", ParameterKind.Text)]
    [InlineData("!!str 1", ParameterKind.Text)]
    [InlineData("True", ParameterKind.Boolean)]
    [InlineData("~", ParameterKind.Null)]
    [InlineData("9223372036854775807", ParameterKind.Integer)]
    [InlineData("9223372036854775808", ParameterKind.Real)]
    [InlineData("1_000", ParameterKind.Text)]
    [InlineData("12:30", ParameterKind.Text)]
    [InlineData("2026-11-23", ParameterKind.Text)]
    public void Scalars_have_the_kinds_of_yaml_1_2(string text, ParameterKind kind)
    {
        var sweep = Sweeps.Valid($"method: grid\nprogram: train.py\nmetric: {{name: loss}}\nparameters:\n  x:\n    value: {text}\n");
        Assert.Equal(kind, ((Constant)sweep.Space.Dimensions[0].Distribution).Value.Kind);
    }

    [Fact]
    public void Merge_keys_and_anchors_are_expanded_and_own_keys_win()
    {
        var sweep = Sweeps.Valid("""
            x-common: &common {epochs: {value: 3}, lr: {value: 0.1}}
            method: grid
            parameters:
              <<: *common
              lr: {values: [0.2, 0.3]}
            """);
        Assert.Equal(["lr", "epochs"], sweep.Space.Dimensions.Select(d => d.Name));
        Assert.Equal(["lr"], sweep.Space.Varied);
    }

    [Theory]
    [InlineData("holdout: {value: 0}", "test_accuracy")]
    [InlineData("holdout: {value: 500}", "val_accuracy")]
    public void The_default_metric_follows_the_holdout(string parameter, string metric) =>
        Assert.Equal(metric, Sweeps.Valid($"method: grid\nparameters: {{{parameter}}}").Metric.Name);

    [Fact]
    public void Test_functions_minimise_their_value() =>
        Assert.Equal(new MetricGoal("value", false), Sweeps.Valid("method: random\nrun_cap: 1\nprogram: branin\nparameters: {x0: {min: -5, max: 10}, x1: {min: 0, max: 15}}").Metric);

    [Fact]
    public void The_digest_knows_content_from_layout()
    {
        var digest = Sweeps.Valid("method: grid\nparameters: {lr: {values: [0.1, 1]}}").Digest;
        Assert.Equal(digest, Sweeps.Valid("# a comment\nparameters:\n  lr:\n    values:\n    - 0.1\n    - 1\n'method': \"grid\"\n").Digest);
        Assert.NotEqual(digest, Sweeps.Valid("method: grid\nparameters: {lr: {values: [0.1, 1.0]}}").Digest);
        Assert.NotEqual(digest, Sweeps.Valid("method: grid\nname: other\nparameters: {lr: {values: [0.1, 1]}}").Digest);
        Assert.Equal(64, digest.Length);
    }

    [Theory]
    [InlineData("tags: [a, b]")]
    [InlineData("description: words")]
    [InlineData("version: 1")]
    [InlineData("project: p")]
    [InlineData("x-notes: {any: thing}")]
    public void Words_for_people_are_no_other_content(string key)
    {
        const string file = "name: words\nmethod: grid\nparameters: {lr: {values: [0.1, 1]}}\n";
        Assert.Equal(Sweeps.Valid(file).Digest, Sweeps.Valid(file + key + "\n").Digest);
        Assert.NotEqual(Sweeps.Valid(file).Digest, Sweeps.Valid(file + "priority: 1\n").Digest);
    }

    [Fact]
    public void Warnings_leave_a_definition()
    {
        Assert.Equal(["W302:1:9"], Warned("method: random\nparameters: {lr: {min: 0.1, max: 0.2}}"));
        Assert.Equal(["W308:2:16"], Warned("method: grid\nmetric: {name: val_accuracy}"));
        Assert.Equal(["W306:2:31"], Warned("method: grid\nparameters: {lr: {values: [1, 1.0]}}"));
        Assert.Empty(Warned("method: grid\nparameters: {levels: {values: [8, 8, 9]}, kernel_size: {values: [7, 9, 9]}}\nzip: [[levels, kernel_size]]"));
        Assert.Equal(["W306:2:35"], Warned("method: grid\nparameters: {levels: {values: [8, 8, 9]}, kernel_size: {values: [7, 7, 9]}}\nzip: [[levels, kernel_size]]"));
        Assert.Equal(["W307:3:1"], Warned("method: grid\nparameters: {levels: {values: [6, 8]}}\nreceptive_field: warn"));
        Assert.Equal(["W303:4:25"], Warned("method: random\nrun_cap: 3\nparameters: {lr: {min: 0.0, max: 1.0, distribution: uniform}, dropout: {min: 0.001, max: 0.5}}\nconstraints: [{require: dropout > 0.498}]".Replace("lr: {min: 0.0", "lr: {min: 0.1")));
    }

    [Fact]
    public void The_rendered_form_is_that_of_the_contract()
    {
        var result = SweepFile.Parse("method: grid\nparameters:\n  kernal_size: {values: [7, 9]}\n", "sweep.yaml");
        Assert.Equal(
            """
            error[W101]: unknown key 'kernal_size'
              --> sweep.yaml:3:3
              |
            3 |   kernal_size: {values: [7, 9]}
              |   ^^^^^^^^^^^ program 'tcn' has no such parameter
              = help: did you mean 'kernel_size'?

            sweep.yaml: 1 error

            """.ReplaceLineEndings("\n"),
            DiagnosticRenderer.Render(result));
    }

    [Fact]
    public void Notes_are_a_line_each_and_are_not_counted()
    {
        const string file = "method: grid\nname: my sweep\nprogram: train.py\nmetric: {name: val_acc}\nproject: p\nparameters: {x: {values: [1]}}\n";
        var rendered = DiagnosticRenderer.Render(SweepFile.Parse(file, "sweep.yaml"));
        Assert.Contains("\nnote[W304]: sweep.yaml:5:1: 'project' is a key of W&B that means nothing here and is ignored\n", rendered, StringComparison.Ordinal);
        Assert.EndsWith("\n\nsweep.yaml: 1 warning\n", rendered, StringComparison.Ordinal);
        var notes = DiagnosticRenderer.Render(SweepFile.Parse(file.Replace("acc", "loss"), "sweep.yaml"));
        Assert.Equal(["note[W314]", "note[W304]"], notes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]));
    }

    [Theory]
    [InlineData("val_acc", true)]
    [InlineData("val/acc", true)]
    [InlineData("acc", true)]
    [InlineData("Top1Acc", true)]
    [InlineData("f1", true)]
    [InlineData("macro_f1", true)]
    [InlineData("AUC", true)]
    [InlineData("val/mAP", true)]
    [InlineData("mAP50", true)]
    [InlineData("episode_reward", true)]
    [InlineData("test.accuracy", true)]
    [InlineData("accuracy_loss", false)]
    [InlineData("accordion", false)]
    [InlineData("val_loss", false)]
    public void What_is_better_when_larger_and_is_minimised_is_warned_of(string metric, bool warns) => Assert.Equal(
        warns ? ["W308"] : [], Sweeps.Parse($"method: grid\nprogram: train.py\nmetric: {{name: '{metric}'}}\nparameters: {{x: {{values: [1]}}}}\n").Diagnostics.Select(d => d.Code));

    [Fact]
    public void A_program_has_an_environment_a_stand_in_and_a_pattern()
    {
        var settings = Sweeps.Valid("""
            method: grid
            program: train.py
            metric: {name: val_loss}
            parameters: {x: {values: [1]}}
            env: {DEBUG: true, SEED: "${seed}", PATH: "/opt/bin:${envvar:PATH}", RATE: 1e-3, EMPTY: ""}
            shim: none
            metrics_pattern: 'val_loss=(?P<val_loss>\S+)'
            """).ProgramSettings;
        Assert.Equal(
            ["DEBUG=true", "EMPTY=", "PATH=/opt/bin:${envvar:PATH}", "RATE=1e-3", "SEED=${seed}"],
            settings.Environment.Select(variable => $"{variable.Key}={variable.Value}"));
        Assert.Equal((WandbShim.None, @"val_loss=(?P<val_loss>\S+)"), (settings.Shim, settings.MetricsPattern));
    }

    [Fact]
    public void An_infeasible_grid_names_the_nearest_miss_and_what_to_allow()
    {
        var diagnostic = Assert.Single(Sweeps.Parse("method: grid\nparameters:\n  levels: {min: 4, max: 6}\n  kernel_size: {values: [3, 5, 7]}\n").Diagnostics);
        Assert.Equal("true for 0 of 9 (kernel_size, levels) points; nearest: 757 at levels=6 kernel_size=7", diagnostic.Label);
        Assert.Equal("allow levels 7 (1525 at kernel_size=7) or kernel_size 9 (1009 at levels=6)", diagnostic.Help);
    }

    [Fact]
    public void No_more_than_twenty_findings_are_shown_and_all_are_counted()
    {
        var text = "method: grid\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"unknown{i}: {{}}\n"));
        var rendered = DiagnosticRenderer.Render(Sweeps.Parse(text));
        Assert.Equal(20, rendered.Split("error[").Length - 1);
        Assert.EndsWith("... and 10 more\n\nsweep.yaml: 30 errors\n", rendered, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_characters_do_not_reach_the_terminal()
    {
        var rendered = DiagnosticRenderer.Render(SweepFile.Parse("method: \"\\e[31m\"", "sweep.yaml"));
        Assert.DoesNotContain('\u001b', rendered);
    }

    [Theory]
    [InlineData("method: gr\u200bid", "unknown method 'gr\\u200Bid'")]
    [InlineData("method: grid\nname: \"\u202eabc\"", "'\\u202Eabc' cannot be a sweep's name")]
    [InlineData("method: |\n  grod", "unknown method 'grod\\n'")]
    public void What_cannot_be_seen_is_spelled_out(string text, string said)
    {
        var rendered = DiagnosticRenderer.Render(SweepFile.Parse(text + "\n", "sweep.yaml"));
        Assert.Contains(said, rendered, StringComparison.Ordinal);
        Assert.DoesNotContain(rendered, c => char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
    }

    [Theory]
    [InlineData("permute: {values: [\"true\"]}", "the text 'true' is not accepted: 'permute' takes true or false", "write it without quotes")]
    [InlineData("levels: {values: [8.0]}", "the number 8.0 is not accepted: 'levels' takes an integer from 1 to 16", "write the number without a point")]
    [InlineData("lr: {min: fast, max: 0.1}", "'lr.min' takes a number, not the text 'fast'", "levels: {min: 4, max: 9}")]
    public void A_refused_value_is_named_as_it_is_written(string parameter, string message, string help)
    {
        var found = Assert.Single(Sweeps.Parse($"method: random\nrun_cap: 1\nparameters:\n  {parameter}\n").Diagnostics, d => d.Severity == Severity.Error);
        Assert.Equal(message, found.Message);
        Assert.Contains(help, found.Help, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_external_programs_use_are_legal_and_keys_of_launch_are_ignored()
    {
        var result = Sweeps.Parse("""
            program: train.py
            method: grid
            metric: {name: Loss/train}
            scheduler: {resource: local-process}
            parameters:
              model/name: {values: [a, b]}
              optim.lr: {value: 0.1}
              batch-size: {value: 1}
              2nd: {value: 1}
            """);
        Assert.Equal(["W304"], result.Diagnostics.Select(d => d.Code));
        Assert.Equal(["model/name", "optim.lr", "batch-size", "2nd"], result.Definition!.Space.Dimensions.Select(d => d.Name));
    }

    private static string[] Warned(string text)
    {
        _ = Sweeps.Valid(text);
        return Sweeps.Findings(text);
    }
}
