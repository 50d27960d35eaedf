using System.Collections;
using System.Text.RegularExpressions;

namespace SeqMnistSweep.Worker;

/// <summary>Which of a worker's environment variables a user's program gets, and <c>${envvar:NAME}</c> reads. What a program prints can be
/// read by everybody who sees the sweep.</summary>
public sealed partial record ProgramEnvironment
{
    private static readonly ImmutableHashSet<string> Usual =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX",
        "CONDA_DEFAULT_ENV", "PYTHONPATH", "PYTHONHOME", "XDG_CACHE_HOME", "HF_HOME", "TORCH_HOME",
    ];

    private static readonly ImmutableArray<string> UsualBeginnings =
        ["LC_", "CUDA_", "CUDNN_", "NVIDIA_", "NCCL_", "OMP_", "MKL_", "OPENBLAS_", "MALLOC_", "SEQSWEEP_"];

    /// <summary>Our own, which no program needs.</summary>
    private static readonly ImmutableHashSet<string> Secrets =
        ["SEQSWEEP_TOKEN", "SEQSWEEP_TOKEN_FILE", "SEQSWEEP_JOIN", "SEQSWEEP_WEBHOOK", "SEQSWEEP_MEMBERSHIP"];

    private ImmutableHashSet<string> Added { get; init; } = [];

    private bool IsWhole { get; init; }

    /// <summary>What programs usually need: where things are, language, time zone, GPUs and threads.</summary>
    public static ProgramEnvironment Least { get; } = new();

    /// <summary>Everything but our own secrets: for programs that their user starts here and now.</summary>
    public static ProgramEnvironment Whole { get; } = new() { IsWhole = true };

    /// <summary>The same, and these variables.</summary>
    public ProgramEnvironment With(IEnumerable<string> names) => this with { Added = Added.Union(names) };

    /// <summary>Whether a program gets the variable of this name.</summary>
    public bool Passes(string name) => Added.Contains(name)
        || (!Secrets.Contains(name) && (IsWhole || Usual.Contains(name) || UsualBeginnings.Any(name.StartsWith)));

    /// <summary>The variables of this process that a program gets.</summary>
    public IEnumerable<KeyValuePair<string, string?>> OfThisProcess() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value)).Where(variable => Passes(variable.Key));

    /// <summary>Why a sweep file may not set variables of these names for a program of a folder; null when it may. Many of them load
    /// code: LD_PRELOAD, PYTHONPATH, BASH_ENV, NCCL_NET_PLUGIN, ...</summary>
    public string? RefusalToSet(IEnumerable<string> names) => names.FirstOrDefault(name => !Added.Contains(name)) is { } other
        ? $"it runs only files of a folder, and another {other} may make them run something else; start it with --program-env {other} "
            + "where its sweeps may set that"
        : null;

    /// <summary>Why the texts of a command, or of variables, cannot be filled in; null when they can.</summary>
    public string? Refusal(ImmutableArray<string> texts)
    {
        if (texts.IsDefaultOrEmpty) return null;

        var read = texts.SelectMany(word => Variable().Matches(word)).Select(match => match.Groups[1].Value);
        return read.FirstOrDefault(name => !Passes(name)) is { } kept
            ? $"it does not pass {kept} on to programs; start it with --program-env {kept} where its sweeps may read that"
            : null;
    }

    [GeneratedRegex(@"\$\{envvar:([A-Z0-9_]+)\}", RegexOptions.CultureInvariant)]
    internal static partial Regex Variable();
}
