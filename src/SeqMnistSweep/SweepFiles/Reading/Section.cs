using System.Text.RegularExpressions;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Reading;

/// <summary>A mapping of the file whose keys are in <see cref="SweepKeys"/>. Getters report what is wrong and give null.</summary>
internal sealed partial class Section
{
    /// <summary>Unknown keys of a file that may be remarks: with more of them it is no sweep file.</summary>
    private const int MaxSought = 100;

    /// <summary>Of keys anywhere in a file, and of the usual program's parameters.</summary>
    private static readonly Lazy<ImmutableHashSet<string>> KeyNames = new(
        () => [.. SweepKeys.All.Select(key => key.Name), .. TrainableCatalog.Default.Names]);

    private readonly FileMap _map;
    private readonly string _path;
    private readonly string _shown;
    private readonly DiagnosticBag _bag;

    private Section(FileMap map, string path, string shown, DiagnosticBag bag) => (_map, _path, _shown, _bag) = (map, path, shown, bag);

    public SourceSpan Span => _map.Span;

    /// <summary>Checks that the node is a mapping and that its keys are known.</summary>
    /// <param name="shown">How the mapping is called in messages; the path when null.</param>
    public static Section? Open(FileNode node, string path, DiagnosticBag bag, string? shown = null)
    {
        if (node is not FileMap map)
        {
            bag.Error(DiagnosticCodes.WrongType, node.Span,
                $"'{shown ?? path}' takes {SweepKeys.Find(path)?.Type ?? "a mapping"}, not {node.Kind}",
                help: SweepKeys.Find(path)?.Example);
            return null;
        }

        var known = SweepKeys.ChildrenOf(path).ToDictionary(key => key.Name, StringComparer.Ordinal);
        var sought = 0;
        foreach (var entry in map.Entries)
        {
            if (known.TryGetValue(entry.Name, out var key))
            {
                if (key.IsIgnored)
                {
                    bag.Note(
                        DiagnosticCodes.Ignored, entry.Key.Span, $"'{key.Path}' is a key of W&B that means nothing here and is ignored");
                }
            }
            else if (path.Length == 0 && sought++ < MaxSought && IsRemark(entry))
            {
                bag.Warning(DiagnosticCodes.UnknownAtTop, entry.Key.Span, $"'{entry.Name}' means nothing here and is ignored",
                    help: OtherWords.Hint(entry.Name) ?? $"a key of your own begins with x-: x-{entry.Name}");
            }
            else if (path.Length > 0 || !entry.Name.StartsWith("x-", StringComparison.Ordinal))
            {
                var where = path.Length == 0 ? "a sweep file has no such key" : $"'{shown ?? path}' has no such key";
                bag.Error(DiagnosticCodes.UnknownKey, entry.Key.Span, $"unknown key '{entry.Name}'", where,
                    () => (path.Length == 0 ? OtherWords.Hint(entry.Name) : null) ?? NearestName.Suggest(entry.Name, [.. known.Keys]));
            }
        }

        return new Section(map, path, shown ?? path, bag);
    }

    /// <summary>Whether a key of the file is only somebody's remark: not a mapping, which may be a parameter in the wrong place, and not
    /// like any key.</summary>
    private static bool IsRemark(FileEntry entry) => entry.Value is not FileMap && !entry.Name.StartsWith("x-", StringComparison.Ordinal)
        && KeyNames.Value is var names && !names.Contains(entry.Name) && NearestName.Of(entry.Name, names) is null;

    /// <summary>Whether a name can be used in an expression.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text);

    public FileEntry? Find(string key) => _map.Find(key);

    public FileNode? Node(string key) => _map.Find(key)?.Value;

    public SourceSpan SpanOf(string key) => Node(key)?.Span ?? Span;

    public Section? Inner(string key) => Node(key) is { } node ? Open(node, PathOf(key), _bag) : null;

    /// <remarks>A name such as 123 is text to its reader, whatever YAML says.</remarks>
    public string? Text(string key) => Read(key, node => node is FileScalar { IsNull: false } scalar
        && (scalar.Value?.Kind == ParameterKind.Text || key is "name" or "description" or "program") ? scalar.Text : null);

    public string? Choice(string key)
    {
        var choices = SweepKeys.Find(PathOf(key))!.Choices;
        if (Text(key) is not { } text || choices.Contains(text)) return Text(key);

        _bag.Error(DiagnosticCodes.NotAChoice, SpanOf(key), $"'{Shown(key)}' takes {string.Join(", ", choices)}, not '{text}'",
            help: NearestName.Of(text, choices) is { } near ? $"did you mean '{near}'?" : null);
        return null;
    }

    public int? Int32(string key) => (int?)Integer(key, int.MaxValue);

    public long? Integer(string key) => Integer(key, long.MaxValue);

    private long? Integer(string key, long most)
    {
        var scalar = Read(key, node => node is FileScalar { Value.Kind: ParameterKind.Integer } whole ? whole : null);
        if (scalar is null) return null;

        var (value, row) = (scalar.Value!.AsInteger(), SweepKeys.Find(PathOf(key))!);
        var max = Math.Min(row.Maximum ?? long.MaxValue, most);
        if (value >= (row.Minimum ?? double.NegativeInfinity) && value <= max) return value;

        _bag.Error(DiagnosticCodes.OutOfRange, scalar.Span,
            $"'{Shown(key)}' takes {row.Type}{(value > max ? $", at most {max}" : "")}, not {value}");
        return null;
    }

    public double? Real(string key)
    {
        var scalar = Read(key, node => node is FileScalar { Value.IsNumber: true } number ? number : null);
        if (scalar is null) return null;

        var value = scalar.Value!.AsReal();
        if (SweepKeys.Find(PathOf(key)) is not { Above: { } above } known || value > above) return value;

        _bag.Error(DiagnosticCodes.OutOfRange, scalar.Span, $"'{Shown(key)}' takes {known.Type}, not {scalar.Value}");
        return null;
    }

    public bool? Boolean(string key) => Read<bool?>(key, node => (node as FileScalar)?.Value is { Kind: ParameterKind.Boolean } value
        ? value.AsBoolean()
        : null);

    public TimeSpan? Duration(string key) => Quantity(key, Quantities.Duration, "a duration such as 45m, 30s, 1h30m or 2d");

    public long? Size(string key) => Quantity(key, Quantities.Size, "a size such as 4GiB, 512MiB or 2GB");

    public ImmutableArray<FileScalar> Texts(string key) => Read(key, TextsOf)?.Items.Cast<FileScalar>().ToImmutableArray() ?? [];

    public ImmutableArray<FileNode> Items(string key) => Read(key, node => node as FileList)?.Items ?? [];

    public ImmutableArray<FileEntry> Entries(string key) => Read(key, node => node as FileMap)?.Entries ?? [];

    private static FileList? TextsOf(FileNode node) =>
        node is FileList list && list.Items.All(item => item is FileScalar { Value.Kind: not ParameterKind.Null }) ? list : null;

    /// <summary>A key's value in its form; null, and the bag says why, where it has another.</summary>
    private T? Read<T>(string key, Func<FileNode, T?> form)
    {
        if (Node(key) is not { } node) return default;

        var value = form(node);
        if (value is null)
        {
            Wrong(key, node);
        }

        return value;
    }

    private T? Quantity<T>(string key, Func<string, T?> read, string accepted)
        where T : struct
    {
        if (Node(key) is not { } node) return null;

        if (node is FileScalar scalar && read(scalar.Text) is { } value) return value;

        _bag.Error(DiagnosticCodes.Quantity, node.Span, $"'{Shown(key)}' takes {accepted}, not {node.Kind}");
        return null;
    }

    private void Wrong(string key, FileNode node)
    {
        var row = SweepKeys.Find(PathOf(key))!;
        _bag.Error(
            DiagnosticCodes.WrongType, node.Span, $"'{Shown(key)}' takes {row.Type}, not {node.Kind}", help: "for example " + row.Example);
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    private string Shown(string key) => _shown.Length == 0 ? key : $"{_shown}.{key}";

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
