using System.Text.RegularExpressions;
using SeqMnistSweep.Methods;
using SeqMnistSweep.Pruning;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>The root mapping to a definition. Goes on after an error where the rest can be judged, so that one run shows all.</summary>
internal sealed partial class SweepReader(FileMap file, string fileName, string source, DiagnosticBag bag)
{
    private const int MaxNameLength = 100;

    /// <summary>Null when there are errors.</summary>
    /// <param name="isStored">It was submitted once: what its constraints leave is known, and what was accepted then goes on.</param>
    public SweepDefinition? Read(bool isStored)
    {
        var root = Section.Open(file, "", bag)!;
        WarnOfYesAndNo(file with { Entries = file.Entries.RemoveAll(entry => entry.Name == "env") }, "");
        CheckVersion(root);
        var name = ReadName(root);
        var program = root.Text("program") ?? (IsLaunch(root) || LacksProgram(root) ? "" : TrainableCatalog.Default.Name);
        var trainable = TrainableCatalog.Find(program) ?? TrainableCatalog.External(program);
        var method = ReadMethod(root);
        var isGrid = method?.IsFinite == true;

        var dimensions = new DimensionReader(trainable, isGrid, bag).Read(root.Entries("parameters"));
        CheckRequired(root, trainable);
        var ties = new SpaceReader(dimensions, trainable, bag);
        var rules = new RuleReader(dimensions.Select(dimension => dimension.Name), trainable, bag);
        rules.Read(root);
        var zips = ties.Zips(root);
        if (isGrid)
        {
            ties.WarnOfRepeats(zips);
        }

        var space = new SearchSpace(ties.Dimensions(), zips, rules.Derived, rules.Constraints, trainable);
        var metrics = new MetricReader(dimensions, trainable, method?.IsAdaptive == true || root.Find("early_terminate") is not null, bag)
            .Read(root, method);
        var settings = new SettingsReader(root, bag);
        var seeds = settings.Seeds(dimensions);
        var programs = new ProgramReader(root, trainable, bag);
        var definition = new SweepDefinition
        {
            Name = name,
            Description = root.Text("description"),
            Tags = [.. root.Texts("tags").Select(tag => tag.Text)],
            Program = program,
            Command = [.. root.Texts("command").Select(word => word.Text)],
            ProgramSettings = programs.Settings(metrics),
            Method = method?.Name ?? "",
            SamplerSeed = root.Integer("sampler_seed") ?? 0,
            Scramble = root.Boolean("scramble") ?? true,
            RunCap = root.Int32("run_cap"),
            Weight = root.Real("weight") ?? 1,
            Priority = (int)Math.Clamp(root.Integer("priority") ?? 0, int.MinValue, int.MaxValue),
            Metric = metrics.FirstOrDefault() ?? new MetricGoal("", false),
            Metrics = metrics,
            MetricIsAssumed = root.Find("metric") is null && root.Find("metrics") is null && trainable.Metric is null,
            Space = space,
            EarlyTerminate = settings.EarlyTerminate(),
            Population = settings.Population(method),
            Seeds = seeds,
            Confirm = settings.Confirm(seeds),
            Resources = settings.Resources(trainable),
            Limits = settings.Limits(),
            Retry = settings.Retry(),
            Checkpoint = settings.Checkpoint(),
            Source = source,
            Digest = SweepDigest.Of(name, file),
        };
        settings.CheckConfirm(definition);
        programs.WarnOfSeeds(definition);

        // Whether points satisfy the rules can be judged only where every parameter and rule is understood.
        var isSound = !bag.HasErrors;
        var points = new EnqueueReader(space, bag);
        var baseline = isSound ? points.Baseline(root) : null;
        var enqueue = isSound ? points.Read(root, baseline, definition.RunCap) : [];
        if (method is not null && isSound && !isStored)
        {
            CheckSpace(definition, rules, isGrid, PlaceOfBuiltIn(root, trainable.Rule, dimensions));
        }

        RefuseIdlePriors(definition, dimensions);
        RefuseIdleImprovement(root, definition);
        if (!isStored)
        {
            RefuseIdlePatience(root, definition);
        }

        WarnOfNoEnd(root, definition, isGrid);
        return bag.HasErrors ? null : definition with { Enqueue = enqueue, Baseline = baseline };
    }

    private void CheckSpace(SweepDefinition definition, RuleReader rules, bool isGrid, SourceSpan place)
    {
        var check = new FeasibilityCheck(rules.Places, place, bag);
        check.Check(definition.Space, isGrid, definition.SamplerSeed);
        if (!bag.HasErrors)
        {
            check.TryDerived(definition.Space, rules.DerivedPlaces, isGrid, definition.SamplerSeed);
        }

        if (rules.Wish is { } wish && !bag.HasErrors)
        {
            check.Warn(definition.Space, wish, isGrid, definition.SamplerSeed);
        }
    }

    private void CheckVersion(Section root)
    {
        if (root.Integer("version") is { } version and not 1)
        {
            bag.Error(DiagnosticCodes.Version, root.SpanOf("version"),
                $"version {version} of the sweep file is not one that this program reads", help: "write version: 1");
        }
    }

    private string ReadName(Section root)
    {
        var given = root.Text("name");
        var name = given ?? Path.GetFileNameWithoutExtension(fileName);
        var place = given is null ? SourceSpan.Start : root.SpanOf("name");
        if (name.Length == 0 || Unseen().IsMatch(name))
        {
            bag.Error(DiagnosticCodes.BadName, place, name.Length == 0 ? "the name is empty" : $"'{name}' cannot be a sweep's name",
                help: $"a name has letters, digits, '_', '-' and '.', and nothing that cannot be seen{(given is null ? "; add name:" : "")}");
            return name;
        }

        var plain = PlainName(name);
        if (plain != name)
        {
            bag.Note(DiagnosticCodes.Renamed, place,
                $"the sweep is called '{plain}': its id has letters, digits, '_', '-' and '.' only, at most {MaxNameLength}");
        }

        return plain;
    }

    /// <summary>The name with what an id cannot have replaced: W&amp;B takes any text. Of a name in another script nothing is left, and
    /// the sweep is called one.</summary>
    private static string PlainName(string name)
    {
        var plain = OddCharacters().Replace(name, "-").Trim('-').TrimStart('.');
        plain = plain[..Math.Min(plain.Length, MaxNameLength)];
        return SweepId.TryParse(name, out _) && name.Length <= MaxNameLength ? name : SweepId.TryParse(plain, out _) ? plain : "sweep";
    }

    /// <summary>A file for W&amp;B Launch names a job or an image instead of a program.</summary>
    private bool IsLaunch(Section root)
    {
        if ((root.Find("job") ?? root.Find("image_uri")) is not { } launch || root.Find("program") is not null)
        {
            return false;
        }

        bag.Error(DiagnosticCodes.Missing, launch.Key.Span, $"'program' is missing: '{launch.Name}' is started by W&B Launch only",
            help: "add program: the script to run, or program: tcn");
        return true;
    }

    /// <summary>A file for <c>wandb.agent(id, function=train)</c> names no program: none of its parameters is one of the usual
    /// program's.</summary>
    private bool LacksProgram(Section root)
    {
        var usual = TrainableCatalog.Default;
        var names = root.Entries("parameters").Select(entry => entry.Name).ToList();
        if (root.Find("program") is not null || root.Find("command") is not null || names.Count == 0
            || names.Exists(name => usual.Find(name) is not null || NearestName.Of(name, usual.Names) is not null))
        {
            return false;
        }

        bag.Error(DiagnosticCodes.Missing, SourceSpan.Start,
            $"'program' is missing, and '{usual.Name}', which is assumed then, has no parameter {string.Join(", ", names.Take(3))}",
            help: "add program: the script to run, such as train.py, or program: ask where another process asks for the trials");
        return true;
    }

    private SamplerEntry? ReadMethod(Section root)
    {
        var available = string.Join(", ", SamplerCatalog.All.Select(entry => entry.Name));
        if (root.Find("method") is null)
        {
            bag.Error(DiagnosticCodes.Missing, SourceSpan.Start, "'method' is missing", help: "there are: " + available);
            return null;
        }

        if (root.Text("method") is not { } name) return null;

        if (SamplerCatalog.Find(name) is null)
        {
            bag.Error(
                DiagnosticCodes.Method, root.SpanOf("method"), $"unknown method '{name}'",
                help: name == "custom"
                    ? "W&B leaves 'custom' to a program of yours: write grid, random or bayes, or ask and tell with program: ask"
                    : NearestName.Suggest(name, [.. SamplerCatalog.All.Select(entry => entry.Name)]));
        }

        return SamplerCatalog.Find(name);
    }

    private void CheckRequired(Section root, TrainableDescription trainable)
    {
        var given = root.Node("parameters") as FileMap;
        var missing = trainable.Parameters.Where(parameter => parameter.IsRequired && given?.Find(parameter.Name) is null)
            .Select(parameter => parameter.Name).ToList();
        if (missing.Count > 0)
        {
            bag.Error(DiagnosticCodes.Missing, root.Find("parameters")?.Key.Span ?? root.SpanOf("program"),
                $"program '{trainable.Name}' needs the parameter{(missing.Count == 1 ? "" : "s")} {string.Join(", ", missing)}",
                help: $"{missing[0]} takes {trainable.Find(missing[0])!.Accepts}");
        }
    }

    private void RefuseIdleImprovement(Section root, SweepDefinition definition)
    {
        if (definition.Method.Length > 0 && definition.Limits.ExpectedImprovement is not null
            && SamplerCatalog.WhyNoImprovement(definition) is { } why)
        {
            bag.Error(
                DiagnosticCodes.Contradiction, (root.Node("limits") as FileMap)!.Find("expected_improvement")!.Key.Span, why,
                help: "use method: gp, or limits.stagnation");
        }
    }

    /// <summary>What the head derives grows with every epoch, or stays, whatever is learned.</summary>
    private void RefuseIdlePatience(Section root, SweepDefinition definition)
    {
        var names = definition.Metrics.Select(metric => metric.Name).ToList();
        if (definition.EarlyTerminate?.Type == PatiencePruner.Type.Name
            && names.Count > 0 && names.TrueForAll(DerivedMetric.Is))
        {
            bag.Error(
                DiagnosticCodes.Contradiction, root.SpanOf("early_terminate"),
                $"'patience' ends who no longer becomes better, which says nothing of {string.Join(" and ", names)}",
                help: "name a metric that the program reports as well, or leave out 'early_terminate'");
        }
    }

    private void RefuseIdlePriors(SweepDefinition definition, List<ReadDimension> dimensions)
    {
        if (definition.Method.Length > 0 && dimensions.Find(dimension => dimension.Belief is not null) is { } idle
            && SamplerCatalog.WhyNoPrior(definition) is { } why)
        {
            bag.Error(
                DiagnosticCodes.Contradiction, idle.Node.Find("prior")!.Key.Span, why, help: "leave out 'prior', or use method: auto");
        }
    }

    private void WarnOfNoEnd(Section root, SweepDefinition definition, bool isGrid)
    {
        if (definition.Method.Length > 0 && !isGrid && root.Find("run_cap") is null
            && SamplerCatalog.Find(definition.Method)?.Pruner is null && definition.Metric.Target is null
            && definition.Limits is { SweepTime: null, Epochs: null, SlotHours: null, Stagnation: null, ExpectedImprovement: null })
        {
            bag.Warning(DiagnosticCodes.Endless, root.SpanOf("method"), $"'{definition.Method}' without 'run_cap' runs until it is stopped",
                help: "add run_cap: 50, limits.sweep_time or metric.target");
        }
    }

    /// <summary>Values only: as a key <c>on</c> is a word like any other.</summary>
    private void WarnOfYesAndNo(FileNode node, string key)
    {
        switch (node)
        {
            case FileScalar { IsPlain: true } scalar when key is not ("description" or "message")
                && PlainScalar.LooksLikeBoolean(scalar.Text):
                var meant = scalar.Text.ToLowerInvariant() is "yes" or "on" ? "true" : "false";
                bag.Warning(DiagnosticCodes.YesNo, scalar.Span, $"'{scalar.Text}' is text here, not {meant}",
                    help: $"YAML 1.2: write {meant}, or \"{scalar.Text}\" to keep the text");
                break;
            case FileList list:
                foreach (var item in list.Items)
                {
                    WarnOfYesAndNo(item, key);
                }

                break;
            case FileMap map:
                foreach (var entry in map.Entries.Where(entry => !entry.Name.StartsWith("x-", StringComparison.Ordinal)))
                {
                    WarnOfYesAndNo(entry.Value, entry.Name);
                }

                break;
        }
    }

    /// <summary>Where a finding about the program's own rule belongs: its key, else the parameters that decide it.</summary>
    private static SourceSpan PlaceOfBuiltIn(Section root, BuiltInRule? rule, List<ReadDimension> dimensions) =>
        (rule is null ? null : root.Find(rule.Key)?.Key.Span)
        ?? rule?.Parameters.Select(name => dimensions.Find(dimension => dimension.Name == name)?.Key.Span).FirstOrDefault(
            span => span is not null)
        ?? root.Find("parameters")?.Key.Span
        ?? SourceSpan.Start;

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]", RegexOptions.CultureInvariant)]
    private static partial Regex Unseen();

    [GeneratedRegex(@"[^A-Za-z0-9_.-]+", RegexOptions.CultureInvariant)]
    private static partial Regex OddCharacters();
}
