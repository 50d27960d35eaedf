using System.Text.RegularExpressions;

namespace SeqMnistSweep.SweepFiles.Schema;

/// <summary>The words of W&amp;B Sweeps that stand for something in <c>command</c>.</summary>
public static partial class CommandMacros
{
    /// <summary>The trial's seed.</summary>
    public const string Seed = "${seed}";

    /// <summary>Each a whole word of the command; those of the trial and <c>${envvar:NAME}</c>, which may stand within one, besides.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "${env}", "${interpreter}", "${program}", "${args}", "${args_no_equals}", "${args_no_hyphens}", "${args_no_boolean_flags}",
        "${args_append_hydra}", "${args_override_hydra}", "${args_dotted}", "${args_json}", "${args_json_file}",
    ];

    /// <summary>What a trial is, by the environment variable that says the same; each may stand within a word.</summary>
    public static ImmutableSortedDictionary<string, string> OfTrial { get; } = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        new KeyValuePair<string, string>[]
        {
            new(Seed, "SEQSWEEP_SEED"), new("${trial}", "SEQSWEEP_TRIAL"), new("${checkpoint_folder}", "SEQSWEEP_CHECKPOINT_FOLDER"),
            new("${resume}", "SEQSWEEP_RESUME"), new("${output}", "SEQSWEEP_OUTPUT"), new("${gpus}", "SEQSWEEP_GPUS"),
        });

    /// <summary>What in a word of the command is written like a macro and is none; a macro that is not the whole word, where it must
    /// be.</summary>
    public static string? Unknown(string word) => All.Contains(word) ? null : UnknownOfTrial(word);

    /// <summary>What in a text is written like a macro and is none of the trial's.</summary>
    public static string? UnknownOfTrial(string text) => Macro().Matches(text).Select(macro => macro.Value)
        .FirstOrDefault(macro => !OfTrial.ContainsKey(macro) && !Variable().IsMatch(macro));

    [GeneratedRegex(@"\$\{[^}]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Macro();

    [GeneratedRegex(@"\A\$\{envvar:[A-Z0-9_]+\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
