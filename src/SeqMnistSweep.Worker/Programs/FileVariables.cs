namespace SeqMnistSweep.Worker.Programs;

/// <summary>The variables that a sweep file sets. They are for its program alone: by LD_PRELOAD, PATH and others they would choose what starts
/// it, too, which is outside of its sandbox. So they travel under other names to a shell that is the last before the program.</summary>
internal static class FileVariables
{
    private const string Prefix = "SEQSWEEP_SET_";

    public static void AddTo(IDictionary<string, string?> environment, IEnumerable<KeyValuePair<string, string?>> variables)
    {
        foreach (var (name, value) in variables)
        {
            environment[Prefix + name] = value;
        }
    }

    /// <summary>What comes before the program's command; nothing where there are no variables.</summary>
    public static ImmutableArray<string> Around(IEnumerable<string> names)
    {
        var exports = names.Where(IsName).Select(name => $"export {name}=\"${Prefix}{name}\"; unset {Prefix}{name}; ").ToList();
        return exports.Count == 0 ? [] : ["/bin/sh", "-c", string.Concat(exports) + "exec \"$@\"", "seqsweep"];
    }

    private static bool IsName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
