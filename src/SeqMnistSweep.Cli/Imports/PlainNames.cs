namespace SeqMnistSweep.Cli.Imports;

/// <summary>Names of parameters as a sweep file may have them, for those of tools that take any text.</summary>
internal sealed class PlainNames
{
    private const int Longest = 100;

    private readonly Dictionary<string, string> _plain = new(StringComparer.Ordinal);

    public PlainNames(IEnumerable<string> names)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names.Distinct(StringComparer.Ordinal).OrderBy(name => Plain(name) != name))
        {
            var (plain, count) = (Plain(name), 1);
            while (!taken.Add(count == 1 ? plain : $"{plain}_{count}"))
            {
                count++;
            }

            _plain[name] = count == 1 ? plain : $"{plain}_{count}";
        }
    }

    /// <summary>Those that are called otherwise here.</summary>
    public IEnumerable<(string Theirs, string Ours)> Changed =>
        _plain.Where(pair => pair.Key != pair.Value).Select(pair => (pair.Key, pair.Value));

    public string this[string name] => _plain[name];

    private static string Plain(string name)
    {
        var plain = string.Concat(name.Take(Longest).Select((letter, i) => char.IsAsciiLetterOrDigit(letter)
            || letter is '_' or '.' or '/' or ':' or '-' || (i == 0 && letter is '+' or '~') ? letter : '_'));
        return plain.TrimStart('+', '~') is [var first, ..] && (char.IsAsciiLetterOrDigit(first) || first == '_') ? plain : "_" + plain;
    }
}
