using System.Text.RegularExpressions;

namespace SeqMnistSweep.SweepFiles.Schema;

/// <summary>The words of W&amp;B Sweeps that stand for something in <c>command</c>.</summary>
public static partial class CommandMacros
{
    /// <summary>Each a whole word of the command; <c>${envvar:NAME}</c>, which may stand within one, besides.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        "${env}", "${interpreter}", "${program}", "${args}", "${args_no_equals}", "${args_no_hyphens}", "${args_no_boolean_flags}",
        "${args_append_hydra}", "${args_override_hydra}", "${args_json}", "${args_json_file}",
    ];

    /// <summary>The word, where it is written like a macro and is none.</summary>
    public static string? Unknown(string word) => Whole().IsMatch(word) && !All.Contains(word) && !Variable().IsMatch(word) ? word : null;

    [GeneratedRegex(@"\A\$\{[^}]*\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A\$\{envvar:[A-Z0-9_]+\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
