using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>How an external program is run: its command, its environment, and what its lines say.</summary>
internal sealed partial class ProgramReader(Section root, TrainableDescription trainable, DiagnosticBag bag)
{
    private static readonly string[] OfExternal = ["command", "env", "shim", "metrics_pattern"];

    /// <summary>What the worker gives a program, to say which trial it is and on which device.</summary>
    private static readonly string[] OfWorker = ["CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"];

    public ProgramSettings Settings(IEnumerable<MetricGoal> metrics)
    {
        foreach (var key in OfExternal.Where(key => root.Find(key) is not null && TrainableCatalog.Find(trainable.Name) is not null))
        {
            bag.Error(
                DiagnosticCodes.Contradiction, root.Find(key)!.Key.Span,
                $"'{key}' goes with an external program, not with '{trainable.Name}'",
                help: root.Find("program") is null ? "add program: the script to run" : "remove it");
        }

        WarnOfMacros(root.Texts("command"));
        return new ProgramSettings
        {
            Environment = Environment(),
            Shim = root.Choice("shim") switch { "wandb" => WandbShim.Wandb, "none" => WandbShim.None, _ => WandbShim.WhereMissing },
            MetricsPattern = Pattern([.. metrics.Select(metric => metric.Name)]),
        };
    }

    public void WarnOfSeeds(SweepDefinition definition)
    {
        if ((definition.Seeds.Count > 1 || definition.Confirm is not null) && TrainableCatalog.Find(trainable.Name) is null
            && !definition.Command.Concat(definition.ProgramSettings.Environment.Values)
                .Any(word => word.Contains(CommandMacros.Seed, StringComparison.Ordinal)))
        {
            bag.Warning(DiagnosticCodes.SeedUnheard, (root.Find("seeds") ?? root.Find("confirm"))!.Key.Span,
                $"'{trainable.Name}' learns its seed from the environment only: without reading SEQSWEEP_SEED it trains the same every time",
                help: "write a command with --seed=${seed}: [\"${env}\", \"${interpreter}\", \"${program}\", \"${args}\", \"--seed=${seed}\"]");
        }
    }

    private void WarnOfMacros(IEnumerable<FileScalar> words)
    {
        foreach (var word in words)
        {
            if (CommandMacros.Unknown(word.Text) is { } macro)
            {
                bag.Warning(DiagnosticCodes.UnknownMacro, word.Span,
                    CommandMacros.All.Contains(macro)
                        ? $"'{macro}' is expanded as a word of its own only, as in W&B"
                        : $"'{macro}' is no macro and expands to nothing, as in W&B",
                    help: CommandMacros.All.Contains(macro) ? "give it a place of its own in the list"
                        : NearestName.Suggest(macro, [.. CommandMacros.All, .. CommandMacros.OfTrial.Keys]));
            }
        }
    }

    private ImmutableSortedDictionary<string, string> Environment()
    {
        var variables = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in root.Entries("env"))
        {
            if (!VariableName().IsMatch(entry.Name))
            {
                bag.Error(DiagnosticCodes.BadName, entry.Key.Span, $"'{entry.Name}' cannot be an environment variable's name",
                    help: "such a name has letters, digits and '_', and does not begin with a digit");
            }
            else if (entry.Name.StartsWith("SEQSWEEP_", StringComparison.Ordinal) || OfWorker.Contains(entry.Name))
            {
                bag.Error(DiagnosticCodes.BadName, entry.Key.Span, $"'{entry.Name}' is set by the worker, for every trial another",
                    help: "give the variable another name");
            }
            else if (entry.Value is not FileScalar { IsNull: false } text || text.Text.Contains('\0'))
            {
                bag.Error(DiagnosticCodes.WrongType, entry.Value.Span, $"'env.{entry.Name}' takes a text, not {entry.Value.Kind}",
                    help: "for example " + SweepKeys.Find("env")!.Example);
            }
            else
            {
                WarnOfOtherMacro(text);
                variables[entry.Name] = text.Text;
            }
        }

        return variables.ToImmutable();
    }

    private void WarnOfOtherMacro(FileScalar text)
    {
        if (CommandMacros.UnknownOfTrial(text.Text) is { } macro)
        {
            bag.Warning(DiagnosticCodes.UnknownMacro, text.Span, $"'{macro}' is no macro of a trial and stays as it is",
                help: $"there are: {string.Join(", ", CommandMacros.OfTrial.Keys)}, and ${{envvar:NAME}} for a variable of the worker");
        }
    }

    private string? Pattern(IReadOnlyCollection<string> metrics)
    {
        if (root.Text("metrics_pattern") is not { } text) return null;

        try
        {
            var pattern = MetricsPattern.Parse(text);
            if (!pattern.FindsNames
                && metrics.FirstOrDefault(name => !pattern.Names.Contains(name) && !DerivedMetric.Is(name)) is { } missing)
            {
                bag.Warning(DiagnosticCodes.MetricNotFound, root.SpanOf("metrics_pattern"),
                    $"no group of it is called '{missing}', the metric: a trial that does not report that in JSON fails",
                    help: GroupName().IsMatch(missing) ? $"write (?P<{missing}>\\S+) where the value stands"
                        : "a group cannot have that name: let groups find both, such as (?P<name>[\\w/]+)=(?P<value>\\S+)");
            }
        }
        catch (ArgumentException error)
        {
            bag.Error(DiagnosticCodes.MetricsPattern, root.SpanOf("metrics_pattern"), $"'metrics_pattern' cannot be used: {error.Message}",
                help: "for example " + SweepKeys.Find("metrics_pattern")!.Example);
        }

        return text;
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"\A\w+\z", RegexOptions.CultureInvariant)]
    private static partial Regex GroupName();
}
