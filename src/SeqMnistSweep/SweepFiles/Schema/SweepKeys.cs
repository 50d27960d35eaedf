using SeqMnistSweep.Methods;
using SeqMnistSweep.Trainables;
using static SeqMnistSweep.SweepFiles.Schema.KeyForm;

namespace SeqMnistSweep.SweepFiles.Schema;

/// <summary>Every key of the sweep file: the table behind unknown-key suggestions, <c>explain</c>, the JSON schema and the documentation's
/// test. The keys of W&amp;B Sweeps have W&amp;B's meaning.</summary>
public static class SweepKeys
{
    /// <summary>The path under which a parameter's own keys are listed.</summary>
    public const string Parameter = "parameters.*";

    /// <summary>The values of <c>parameters.*.distribution</c>.</summary>
    public static ImmutableArray<string> Distributions { get; } =
    [
        "constant", "categorical", "categorical_w_probabilities", "int_uniform", "uniform", "q_uniform",
        "log_uniform", "q_log_uniform", "inv_log_uniform", "log_uniform_values", "q_log_uniform_values", "inv_log_uniform_values",
        "normal", "q_normal", "log_normal", "q_log_normal", "beta", "q_beta",
    ];

    /// <summary>In the order in which they are documented.</summary>
    public static ImmutableArray<SweepKey> All { get; } =
    [
        Key("version", Integer, "1", "1", "The version of this format.", "version: 1") with { Minimum = 1 },
        Key("name", Text, "letters, digits, '_', '-' and '.'", "the file's name",
            "What the sweep is called; its id is the name with four characters added.", "name: tcn-depth"),
        Key("description", Text, "text", null, "What the sweep is for.", "description: How deep must it be?"),
        Key("tags", Texts, "a list of texts", "[]", "Words to find the sweep by.", "tags: [tcn, mnist]"),
        Key("program", Text, "tcn, a test function, or an external program", TrainableCatalog.Default.Name, "What a trial runs.",
            "program: tcn"),
        Key("command", Texts, "a list of texts", "[${env}, ${interpreter}, ${program}, ${args}]",
            "The command line of an external program, with W&B's macros.", "command: [python3, train.py, \"${args}\"]"),
        Key("env", Named, "a mapping of names to texts", "{}",
            "Environment variables of an external program; macros of the trial, such as ${seed}, may stand in them.",
            "env: {PYTHONHASHSEED: \"${seed}\"}"),
        Key("shim", Text, "wandb or none", "wandb where none is installed",
            "What import wandb finds in an external program: with wandb always this program's stand-in, with none never.",
            "shim: none") with { Choices = ["wandb", "none"] },
        Key("metrics_pattern", Text, "a regular expression with named groups", null,
            "For a program that only prints: a group's name is the metric's, epoch and step number it; name and value give both.",
            "metrics_pattern: 'val_loss=(?P<val_loss>\\S+)'"),
        Key("method", Text, "a sampler's name", null, "How configurations are chosen. Required.", "method: grid")
            with { Choices = [.. SamplerCatalog.All.Select(entry => entry.Name)] },
        Key("metric", Section, "a mapping", "val_accuracy, maximised", "What configurations are ranked on.",
            "metric: {name: val_loss, goal: minimize}"),
        Key("metric.name", Text, "a metric that the program reports, or parameters, seconds, epochs", null,
            "The metric; its best value over a trial's epochs counts. Required in metric.", "metric: {name: val_accuracy, goal: maximize}"),
        Key("metric.goal", Text, "minimize or maximize", "minimize", "Which way is better.",
            "metric: {name: val_accuracy, goal: maximize}") with { Choices = ["minimize", "maximize"] },
        Key("metric.target", Number, "a number", null, "Once a trial reaches it no new one starts.",
            "metric: {name: val_accuracy, goal: maximize, target: 0.98}"),
        Key(
            "metrics", Sections, "a list of two to four metrics", null,
            "Instead of metric: several to be good at together, each as it is at the best epoch of the first (at the last, where that is parameters, seconds or epochs). The leaderboard shows the "
                + "configurations that no other beats.",
            "metrics: [{name: val_accuracy, goal: maximize}, {name: epoch_seconds}]"),
        Key("metrics.name", Text, "a metric that the program reports, or parameters, seconds, epochs", null,
            "The metric. Required in each of metrics.", "metrics: [{name: val_loss}, {name: parameters}]"),
        Key("metrics.goal", Text, "minimize or maximize", "minimize", "Which way is better.",
            "metrics: [{name: val_accuracy, goal: maximize}, {name: epoch_seconds}]") with { Choices = ["minimize", "maximize"] },
        Ignored("metric.impute", "metric: {name: loss, impute: worst}"),
        Ignored("metric.impute_while_running", "metric: {name: loss, impute_while_running: best}"),
        Key("parameters", Named, "a mapping of names to parameters", "{} (one configuration of defaults) for a built-in program",
            "The search space.", "parameters: {lr: {values: [0.001, 0.002]}}"),
        Key("parameters.*", Section, "a mapping", null, "One parameter: one value, a list, or a range.", "lr: {min: 0.0001, max: 0.01}"),
        Key("parameters.*.value", Anything, "any value", null, "A constant.", "batch_size: {value: 64}"),
        Key("parameters.*.values", AnythingList, "a list of values", null, "The values to choose from.",
            "kernel_size: {values: [3, 5, 7]}"),
        Key("parameters.*.probabilities", Numbers, "a list of numbers, sum 1", "all equal",
            "How often each of the values is drawn; random only.", "optimizer: {values: [Adam, SGD], probabilities: [0.75, 0.25]}"),
        Key("parameters.*.min", Number, "a number", null, "The lower end. With max, integers mean int_uniform, a real means uniform.",
            "levels: {min: 4, max: 9}"),
        Key("parameters.*.max", Number, "a number above min", null, "The upper end, included for integers.", "levels: {min: 4, max: 9}"),
        Key("parameters.*.distribution", Text, "a distribution's name", "from the other keys",
            "How the range is drawn. log_uniform takes exponents of e, log_uniform_values takes values; q_ kinds round to multiples of q.",
            "lr: {distribution: log_uniform_values, min: 0.0001, max: 0.01}") with { Choices = Distributions },
        Key("parameters.*.q", Number, "a number above 0", "1.0",
            "The step of q_ kinds; results are integers only if q is written as one. A grid over q_uniform leaves max out.",
            "hidden: {distribution: q_uniform, min: 16, max: 128, q: 16}"),
        Key("parameters.*.mu", Number, "a number", "0", "Mean of normal; of the logarithm for log_normal.",
            "x: {distribution: normal, mu: 1, sigma: 0.5}"),
        Key("parameters.*.sigma", Number, "a number of 0 or more", "1", "Deviation of normal; of the logarithm for log_normal.",
            "x: {distribution: normal, mu: 1, sigma: 0.5}"),
        Key("parameters.*.a", Number, "a number above 0", "1", "First shape of beta.", "x: {distribution: beta, a: 2, b: 5}"),
        Key("parameters.*.b", Number, "a number above 0", "1", "Second shape of beta.", "x: {distribution: beta, a: 2, b: 5}"),
        Key("parameters.*.default", Anything, "any value", "the program's",
            "Its value in the baseline, and in enqueued points that leave it out.", "lr: {min: 0.0001, max: 0.01, default: 0.002}"),
        Key("parameters.*.prior", Section, "a mapping", "none",
            "Where you expect its good values. auto, bayes, tpe and gp begin there, and forget it where results say otherwise.",
            "lr: {min: 0.0001, max: 0.1, prior: {centre: 0.002}}"),
        Key("parameters.*.prior.centre", Anything, "a value of the parameter", null, "The value you would try. Required in prior.",
            "lr: {min: 0.0001, max: 0.1, prior: {centre: 0.002}}"),
        Key("parameters.*.prior.confidence", Text, "low, medium or high", "medium",
            "How sure you are: one half, a quarter or an eighth of the range is the deviation around it; of a list it is twice, four or "
                + "eight times as likely as another value.",
            "lr: {min: 0.0001, max: 0.1, prior: {centre: 0.002, confidence: high}}") with { Choices = ["low", "medium", "high"] },
        Key("parameters.*.parameters", Named, "a mapping of names to parameters", null,
            "Nested parameters: they reach an external program as one mapping. Rules name them with dots.",
            "model: {parameters: {depth: {values: [2, 3]}}}"),
        Key("parameters.*.when", Named, "a mapping of parameter names to a value or a list", null,
            "The parameter exists only where the named ones have one of these values.",
            "momentum: {values: [0.5, 0.9], when: {optimizer: SGD}}"),
        Key("early_terminate", Section, "a mapping", "no early end", "Which trials are stopped early.", "early_terminate: {type: median}"),
        Key("early_terminate.type", Text, "a pruner's name", null, "The pruner. Required in early_terminate.",
            "early_terminate: {type: median}") with { Choices = [.. PrunerCatalog.All.Select(pruner => pruner.Name)] },
        .. PrunerKeys(),
        Key("pbt", Section, "a mapping", "{interval: 1, quantile: 0.25, resample: 0.25}",
            "With method pbt: how the population lives. Its size is run_cap.", "pbt: {interval: 2}"),
        Key("pbt.interval", Integer, "an integer of 1 or more", "1", "Epochs between two comparisons of its members.",
            "pbt: {interval: 2}") with { Minimum = 1 },
        Key("pbt.quantile", Number, "a number above 0 to 0.5", "0.25",
            "The share that is replaced each time, by changed copies of as large a share of the best.", "pbt: {quantile: 0.2}"),
        Key("pbt.resample", Number, "a number from 0 to 1", "0.25",
            "How often a copy's parameter is drawn anew; otherwise it is multiplied by 0.8 or 1.2.", "pbt: {resample: 0.1}"),
        Key("run_cap", Integer, "an integer of 1 or more", "no cap", "No more than this many configurations, before seeds.",
            "run_cap: 50") with { Minimum = 1 },
        Key("seeds", Section, "a mapping", "one, the configuration's own",
            "Train every configuration under several seeds, the same for all.", "seeds: {count: 3, base: 1111}"),
        Key("seeds.count", Integer, "an integer of 1 or more", "1", "How many seeds.", "seeds: {count: 3}")
            with { Minimum = 1, Maximum = 10_000 },
        Key("seeds.base", Integer, "an integer of 0 or more", "1111", "The first seed; the others follow it.",
            "seeds: {count: 3, base: 1111}") with { Minimum = 0 },
        Key("confirm", Section, "a mapping", "none",
            "When the search has ended: run the best configurations again, under seeds that it did not use and to their last epoch. The "
                + "leaderboard ranks them by these runs alone.",
            "confirm: {top: 5, seeds: 5}"),
        Key("confirm.top", Integer, "an integer of 1 or more", "5", "How many configurations, the best ones.", "confirm: {top: 3}")
            with { Minimum = 1, Maximum = 10_000 },
        Key("confirm.seeds", Integer, "an integer of 2 or more", "5", "How many fresh seeds of each, the same for all.",
            "confirm: {seeds: 10}") with { Minimum = 2, Maximum = 1000 },
        Key("sampler_seed", Integer, "an integer", "0", "Another one gives other random configurations.", "sampler_seed: 7"),
        Key("scramble", KeyForm.Boolean, "true or false", "true",
            "sobol: whether its points are scrambled by sampler_seed; false gives the published ones, which begin in the lower corner.",
            "scramble: false"),
        Key("baseline", KeyForm.Boolean, "true or false", "false",
            "Whether the configuration of defaults is the first trial. It counts in run_cap.", "baseline: true"),
        Key("enqueue", NamedList, "a list of points", "[]",
            "Configurations to try first; parameters left out take their constant or default.", "enqueue: [{levels: 8, kernel_size: 7}]"),
        Key("derived", Named, "a mapping of names to expressions", "{}", "Values computed from parameters, for constraints and tables.",
            "derived: {width: hidden * levels}"),
        Key("derived.*", Text, "an expression", null,
            "Numbers, names, + - * / // % **, comparisons, and or not in, a if c else b, min max abs floor ceil round log log2 sqrt exp.",
            "width: hidden * levels"),
        Key("constraints", Sections, "a list of rules", "[]",
            "Rules that every configuration satisfies: grids leave the others out, random draws again.",
            "constraints: [{require: hidden * levels <= 400}]"),
        Key("constraints.require", Text, "an expression", null, "True for the configurations to keep. Required in a rule.",
            "constraints: [{require: hidden * levels <= 400}]"),
        Key("constraints.message", Text, "text with {name}", "the rule itself", "Said of a configuration that breaks the rule.",
            "constraints: [{require: hidden <= 64, message: \"{hidden} channels are too many\"}]"),
        Key("receptive_field", Text, "require or warn", "require",
            "tcn: whether a network that does not see the whole sequence is left out or only warned of.", "receptive_field: warn")
                with { Choices = ["require", "warn"] },
        Key("zip", TextLists, "a list of lists of names", "[]",
            "Parameters whose values move together, first with first, second with second.", "zip: [[levels, kernel_size]]"),
        Key("resources", Section, "a mapping", "{threads: 1}", "What a trial needs.", "resources: {threads: 2}"),
        Key("resources.threads", Integer, "an integer of 1 or more", "1",
            "CPU threads of a trial; part of the result, for sums change with it.", "resources: {threads: 2}")
                with { Minimum = 1, Maximum = 1024 },
        Key("resources.gpu_memory", Size, "a size", "measured",
            "Device memory of a trial: it begins only where its GPU has so much that neither other trials nor other programs have. "
                + "Without it the first trial of a sweep on a GPU is measured, and the others need as much.",
            "resources: {gpu_memory: 4GiB}"),
        Key("resources.gpus", Integer, "an integer of 1 or more", "any worker, and one GPU where it has some",
            "GPUs that a trial sees: for a program that spreads over several, on workers that hold so many in a slot.",
            "resources: {gpus: 2}") with { Minimum = 1, Maximum = 1024 },
        Key("limits", Section, "a mapping", "none", "When to stop.", "limits: {trial_time: 45m}"),
        Key("limits.trial_time", Duration, "a duration", "none", "A trial that takes longer fails with the cause timeout.",
            "limits: {trial_time: 45m}"),
        Key("limits.sweep_time", Duration, "a duration", "none", "After it no new trial starts; those that run end by themselves.",
            "limits: {sweep_time: 12h}"),
        Key("limits.max_failures", Integer, "an integer of 1 or more", "none", "The sweep fails with this many failed trials.",
            "limits: {max_failures: 20}") with { Minimum = 1 },
        Key("limits.max_parallel", Integer, "an integer of 1 or more", "none", "No more trials than this at once.",
            "limits: {max_parallel: 4}") with { Minimum = 1 },
        Key("limits.epochs", Integer, "an integer of 1 or more", "none",
            "With this many epochs reported, of all trials together, no new trial starts; those that run end by themselves.",
                "limits: {epochs: 1000}") with { Minimum = 1 },
        Key("limits.slot_hours", Number, "a number above 0", "none",
            "The same with so many hours of slots used, of all attempts together.", "limits: {slot_hours: 48}") with { Above = 0 },
        Key("limits.stagnation", Integer, "an integer of 1 or more", "none",
            "When so many configurations in a row have brought no better value, no new trial starts; those that run end by themselves.",
            "limits: {stagnation: 20}") with { Minimum = 1 },
        Key("limits.expected_improvement", Number, "a number above 0", "none",
            "When auto or gp expects less than this of five proposals in a row, in the metric's unit, no new trial starts; those that run "
                + "end by themselves.", "limits: {expected_improvement: 0.001}") with { Above = 0 },
        Key("limits.grace", Duration, "a duration", "the worker's",
            "How long a trial that is told to end may take to save its state and end, before it and all that it started is killed.",
                "limits: {grace: 2m}"),
        Key("retry", Section, "a mapping", "{max: 2, on: [out_of_memory, crashed, timeout], backoff: 1s}",
            "Which failed attempts are tried again.", "retry: {max: 1}"),
        Key("retry.max", Integer, "an integer of 0 or more", "2", "Further attempts of a trial that failed by its own fault.",
            "retry: {max: 1}") with { Minimum = 0, Maximum = 1000 },
        Key("retry.on", Texts, "a list of causes", "[out_of_memory, crashed, timeout]",
            "The causes: out_of_memory, diverged, crashed, timeout, worker_lost.", "retry: {on: [crashed]}")
                with { Choices = ["out_of_memory", "diverged", "crashed", "timeout", "worker_lost"] },
        Key("retry.backoff", Duration, "a duration", "1s", "Wait before the next attempt.", "retry: {backoff: 30s}"),
        Key("checkpoint", Section, "a mapping", "{every: 1, keep: last}", "When trials save their state.", "checkpoint: {every: 5}"),
        Key("checkpoint.every", Integer, "an integer of 1 or more", "1", "Epochs between two checkpoints.", "checkpoint: {every: 5}")
            with { Minimum = 1 },
        Key("checkpoint.keep", Text, "none, last, best or all", "last",
            "What stays once a trial has ended: best is that of the best epoch. (Of tcn it is the last one, which holds the best weights "
                + "too.)",
                "checkpoint: {keep: all}") with { Choices = ["none", "last", "best", "all"] },
        Key(
            "priority", Integer, "an integer", "0",
            "Of two sweeps the one with the larger number goes first. Where it waits, trials of lower priority give their slots back, at "
                + "their next batch and with a checkpoint.",
            "priority: 10") with { Maximum = int.MaxValue },
        Key("weight", Number, "a number above 0", "1",
            "Sweeps of the same priority share the slots in the ratio of their weights, by the time they use them.", "weight: 3")
                with { Above = 0 },
        .. new[] { "project", "entity", "job", "image_uri", "apiVersion", "kind", "controller", "scheduler" }.Select(
            name => Ignored(name, name + ": ...")),
    ];

    /// <summary>The key at a path; null where the file has none.</summary>
    public static SweepKey? Find(string path) => All.FirstOrDefault(key => key.Path == path);

    /// <summary>The keys of the mapping at a path; of the file itself for the empty path.</summary>
    public static IEnumerable<SweepKey> ChildrenOf(string path) => All.Where(key => key.Parent == path && key.Name != "*");

    /// <summary>One row for settings of one name, whichever pruners have them.</summary>
    private static IEnumerable<SweepKey> PrunerKeys() =>
        from pruner in PrunerCatalog.All
        from setting in pruner.Settings
        group (Pruner: pruner, Setting: setting) by setting.Name into same
        let first = same.First()
        select Key(
            "early_terminate." + same.Key,
            first.Setting.Default?.Kind switch { ParameterKind.Real => Number, ParameterKind.Boolean => KeyForm.Boolean,
                ParameterKind.Text => Text, _ => Integer },
            first.Setting.Accepts,
            first.Setting.Default?.ToString(),
            string.Join(
                " ",
                same.GroupBy(each => each.Setting.Description).Select(
                    alike => $"{string.Join(", ", alike.Select(each => each.Pruner.Name))}: {alike.Key}")),
            $"early_terminate: {{type: {first.Pruner.Name}, {same.Key}: {first.Setting.Default?.ToString() ?? "3"}}}");

    private static SweepKey Key(string path, KeyForm form, string type, string? @default, string description, string example) =>
        new(path, form, type, @default, description, example);

    private static SweepKey Ignored(string path, string example) =>
        new(path, Anything, "any value", null, "A key of W&B, read and ignored.", example) { IsIgnored = true };
}
