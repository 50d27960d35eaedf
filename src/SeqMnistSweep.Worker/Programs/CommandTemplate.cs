using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Schema;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>The <c>command</c> of a sweep file, with the macros of W&amp;B Sweeps. A macro is a whole word, except <c>${envvar:NAME}</c>,
/// which may stand within one. An unknown macro vanishes, as there.</summary>
/// <param name="words">Empty for the usual command.</param>
internal sealed partial class CommandTemplate(ImmutableArray<string> words)
{
    /// <summary>The usual command of a program that needs no interpreter.</summary>
    public static readonly ImmutableArray<string> Direct = ["${env}", "${program}", "${args}"];

    private static readonly ImmutableArray<string> Usual = ["${env}", "${interpreter}", "${program}", "${args}"];

    private readonly ImmutableArray<string> _words = words.IsDefaultOrEmpty ? Usual : words;

    /// <summary>Whether the parameters are wanted in a file.</summary>
    public bool NeedsParametersFile => _words.Contains("${args_json_file}");

    /// <param name="variable">Environment variables by name; null for one that is not set, which leaves the bare name.</param>
    public ImmutableArray<string> Expand(string program, ParameterSet parameters, Func<string, string?> variable, string parametersFile) =>
        [.. _words.SelectMany(word => Expand(word, program, parameters, variable, parametersFile))];

    private static IEnumerable<string> Expand(
        string word, string program, ParameterSet parameters, Func<string, string?> variable, string parametersFile) => word switch
    {
        "${env}" => ["/usr/bin/env"],
        "${interpreter}" => [InterpreterOn(variable("PATH"))],
        "${program}" => [program],
        "${args}" => parameters.Select(item => $"--{item.Key}={Text(item.Value)}"),
        "${args_no_equals}" => parameters.SelectMany(item => (string[])[$"--{item.Key}", Text(item.Value)]),
        "${args_no_hyphens}" => parameters.Select(item => $"{item.Key}={Text(item.Value)}"),
        "${args_append_hydra}" => parameters.Select(item => $"+{item.Key}={Text(item.Value)}"),
        "${args_override_hydra}" => parameters.Select(item => $"++{item.Key}={Text(item.Value)}"),
        "${args_no_boolean_flags}" => parameters.SelectMany(Flag),
        "${args_dotted}" => Dotted(parameters),
        "${args_json}" => [parameters.ToJson()],
        "${args_json_file}" => [parametersFile],
        _ => Filled(word, variable) is var replaced && WholeMacro().IsMatch(replaced) ? [] : [replaced],
    };

    /// <summary>A text with the macros of the trial and <c>${envvar:NAME}</c> filled in; anything else stays.</summary>
    public static string Filled(string text, Func<string, string?> variable) => ProgramEnvironment.Variable().Replace(
        CommandMacros.OfTrial.Aggregate(
            text, (filled, macro) => filled.Replace(macro.Key, variable(macro.Value) ?? "", StringComparison.Ordinal)),
        match => variable(match.Groups[1].Value) ?? match.Groups[1].Value);

    /// <summary>Nested parameters as <c>--model.depth=2</c>, as Lightning's command line and jsonargparse take them.</summary>
    private static IEnumerable<string> Dotted(IEnumerable<KeyValuePair<string, ParameterValue>> parameters, string prefix = "") =>
        parameters.SelectMany(item => item.Value.Kind == ParameterKind.Map
            ? Dotted(item.Value.AsMap(), $"{prefix}{item.Key}.")
            : [$"--{prefix}{item.Key}={Text(item.Value)}"]);

    private static string[] Flag(KeyValuePair<string, ParameterValue> item) => item.Value.Kind != ParameterKind.Boolean
        ? [$"--{item.Key}={Text(item.Value)}"]
        : item.Value.AsBoolean() ? [$"--{item.Key}"] : [];

    /// <summary>As Python prints it, which W&amp;B's programs are used to: <c>{'depth': 2, 'bias': True}</c>.</summary>
    private static string Text(ParameterValue value) => value.Kind == ParameterKind.Text ? value.AsText() : PythonText.Of(value);

    /// <summary>W&amp;B's <c>python</c>; where there is none of that name, as on Debian, <c>python3</c>.</summary>
    private static string InterpreterOn(string? path) =>
        (path ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, "python")))
            ? "python"
            : "python3";

    [GeneratedRegex(@"\A\$\{[^}]*\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeMacro();
}
