using SeqMnistSweep.SweepFiles.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>YAML text to a positioned tree, through YamlDotNet's parser events. With <see cref="YamlProblem"/> all that knows YamlDotNet.
/// Bounded: depth, text length and the number of nodes after expansion, so that no file can exhaust memory or the stack.</summary>
internal sealed class YamlReader
{
    public const int MaxDepth = 64;
    public const int MaxNodes = 50_000;
    public const int MaxScalar = 100_000;

    private readonly SourceText _source;
    private readonly DiagnosticBag _bag;
    private readonly Parser _parser;
    private readonly Dictionary<string, FileNode?> _anchors = new(StringComparer.Ordinal);
    private readonly List<SourceSpan> _open = [];
    private SourceSpan _lastGood = SourceSpan.Start;
    private (SourceSpan Span, int EndLine)? _lastQuoted;
    private long _nodes;

    private YamlReader(SourceText source, DiagnosticBag bag)
    {
        _source = source;
        _bag = bag;
        _parser = new Parser(new StringReader(source.Text));
    }

    /// <summary>The root node of the only document, or null when the text is no usable YAML; the reasons are in the bag.</summary>
    public static FileNode? Read(SourceText source, DiagnosticBag bag)
    {
        if (source.ForbiddenCharacter() is { } forbidden)
        {
            bag.Error(
                DiagnosticCodes.Character, forbidden.Span,
                forbidden.Character == '\uFFFD'
                    ? "these bytes are not UTF-8"
                    : $"the character U+{(int)forbidden.Character:X4} is not allowed in YAML",
                help: "save the file as UTF-8 text");
            return null;
        }

        var tabs = source.IndentingTabs().ToList();
        var attempt = new DiagnosticBag();
        var root = new YamlReader(source, attempt).ReadStream();
        if (root is not null || tabs.Count == 0)
        {
            Copy(attempt, bag);
            return root;
        }

        foreach (var tab in tabs)
        {
            bag.Error(DiagnosticCodes.Tab, tab, "YAML: a tab cannot be used to indent", help: "use spaces");
        }

        // With the tabs out of the way the rest of the file may be readable, and its other errors are shown in the same run.
        return new YamlReader(source.WithoutIndentingTabs(), new DiagnosticBag()).ReadStream();
    }

    private static void Copy(DiagnosticBag from, DiagnosticBag to)
    {
        foreach (var d in from.InFileOrder())
        {
            to.Error(d.Code, new SourceSpan(d.Line, d.Column, d.Length), d.Message, d.Label, d.Help);
        }
    }

    private FileNode? ReadStream()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (_parser.Current is StreamEnd)
            {
                _bag.Error(
                    DiagnosticCodes.Empty, SourceSpan.Start, "the file is empty", help: "seqsweep init writes a sweep file to start from");
                return null;
            }

            _parser.Consume<DocumentStart>();
            var root = ReadNode(0);
            _parser.Consume<DocumentEnd>();
            if (_parser.Current is DocumentStart second)
            {
                _bag.Error(DiagnosticCodes.SeveralDocuments, At(second.Start, 3), "a second YAML document begins here",
                    help: "put every sweep into a file of its own");
                return null;
            }

            return root;
        }
        catch (Refused)
        {
            return null;
        }
        // YamlDotNet throws bare InvalidOperationExceptions and others on broken text; whatever it throws, the text is not YAML.
        catch (Exception problem)
        {
            new YamlProblem(_source, _lastGood, _lastQuoted, _open).Explain(problem, _bag);
            return null;
        }
    }

    private FileNode ReadNode(int depth)
    {
        var current = _parser.Current ?? throw new InvalidOperationException("the text ends too early");
        _lastGood = At(current.Start, 1);
        if (depth > MaxDepth)
        {
            throw Refuse(DiagnosticCodes.TooDeep, _lastGood, $"the nesting is deeper than {MaxDepth} levels");
        }

        if (_parser.Accept<AnchorAlias>(out var alias)) return Expand(alias, depth);

        var anchor = ((NodeEvent)current).Anchor;
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = null;
        }

        Count(1, _lastGood);
        FileNode node = current switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(depth),
            _ => ReadMap(depth),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private FileNode Expand(AnchorAlias alias, int depth)
    {
        var name = alias.Value.Value;
        var span = At(alias.Start, name.Length + 1);
        if (!_anchors.TryGetValue(name, out var node))
        {
            throw Refuse(DiagnosticCodes.Alias, span, $"no anchor '&{name}' comes before this alias");
        }

        if (node is null)
        {
            throw Refuse(DiagnosticCodes.Alias, span, $"the alias '*{name}' stands inside of what it refers to");
        }

        if (depth + node.Depth > MaxDepth)
        {
            throw Refuse(DiagnosticCodes.TooDeep, span, $"with this alias the nesting is deeper than {MaxDepth} levels");
        }

        Count(node.Weight, span);
        _parser.MoveNext();
        return node;
    }

    private FileScalar ReadScalar(Scalar scalar)
    {
        var plain = scalar.Style == ScalarStyle.Plain;
        var length = (int)(scalar.End.Index - scalar.Start.Index);
        if (scalar.Value.Length > MaxScalar)
        {
            throw Refuse(DiagnosticCodes.TooLarge, At(scalar.Start, 1),
                $"this text has {scalar.Value.Length:N0} characters; at most {MaxScalar:N0} are allowed");
        }

        var isText = !scalar.Tag.IsEmpty && scalar.Tag.Value is "tag:yaml.org,2002:str" or "!";
        CheckTag(scalar, "str", "int", "float", "bool", "null");
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value.Replace("tag:yaml.org,2002:", "", StringComparison.Ordinal);
        var quoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        if (quoted)
        {
            _lastQuoted = (At(scalar.Start, 1), (int)scalar.End.Line);
        }

        // Without escapes and line breaks a unit of the value is a unit of the file.
        var oneLine = scalar.Start.Line == scalar.End.Line;
        var offset = !oneLine || !scalar.Anchor.IsEmpty || !scalar.Tag.IsEmpty ? -1
            : plain ? 0
            : quoted && length == scalar.Value.Length + 2 ? 1
            : -1;
        var shown = plain && oneLine ? scalar.Value.Length : length;
        _parser.MoveNext();
        return new FileScalar(At(scalar.Start, shown), scalar.Value, (plain && !isText) || tag is "int" or "float" or "bool" or "null",
            offset, IsReal: tag == "float");
    }

    private FileList ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        CheckTag(start, "seq");
        Open(start.Style == SequenceStyle.Flow, start.Start);
        var items = ImmutableArray.CreateBuilder<FileNode>();
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        var end = _parser.Consume<SequenceEnd>();
        Close(start.Style == SequenceStyle.Flow);
        return new FileList(Across(start.Start, end.End, start.Style == SequenceStyle.Flow), items.ToImmutable());
    }

    private FileMap ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        CheckTag(start, "map");
        Open(start.Style == MappingStyle.Flow, start.Start);
        var entries = new List<FileEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<(SourceSpan Key, FileNode Value)>();
        while (_parser.Current is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not FileScalar scalar)
            {
                _bag.Error(DiagnosticCodes.KeyIsNoText, key.Span, $"a key is text, not {key.Kind}");
            }
            else if (scalar is { Text: "<<", IsPlain: true })
            {
                merged.Add((scalar.Span, value));
            }
            else if (names.Add(scalar.Text))
            {
                entries.Add(new FileEntry(scalar, value));
            }
            else
            {
                _bag.Error(DiagnosticCodes.DuplicateKey, scalar.Span, $"the key '{scalar.Text}' occurs twice in one mapping",
                    "the second time", "keep one of the two");
            }
        }

        var end = _parser.Consume<MappingEnd>();
        Close(start.Style == MappingStyle.Flow);
        foreach (var (key, value) in merged)
        {
            Merge(entries, names, key, value);
        }

        return new FileMap(Across(start.Start, end.End, start.Style == MappingStyle.Flow), [.. entries]);
    }

    /// <summary>The mapping's own keys win over merged ones, earlier merged ones over later.</summary>
    private void Merge(List<FileEntry> entries, HashSet<string> names, SourceSpan key, FileNode value)
    {
        var maps = value is FileList list ? list.Items : [value];
        foreach (var item in maps)
        {
            if (item is not FileMap map)
            {
                _bag.Error(DiagnosticCodes.MergeKey, key, $"'<<' takes a mapping or a list of mappings, not {item.Kind}",
                    help: "name an anchor: <<: *common");
                continue;
            }

            Count(map.Weight, key);
            entries.AddRange(map.Entries.Where(entry => names.Add(entry.Name)));
        }
    }

    private void CheckTag(NodeEvent node, params string[] known)
    {
        if (!node.Tag.IsEmpty && node.Tag.Value != "!"
            && !known.Contains(node.Tag.Value.Replace("tag:yaml.org,2002:", "", StringComparison.Ordinal)))
        {
            _bag.Error(DiagnosticCodes.Tag, At(node.Start, 1), $"the YAML tag '{node.Tag.Value}' means nothing in a sweep file",
                help: "remove the tag");
        }
    }

    private void Count(long nodes, SourceSpan at)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes)
        {
            throw Refuse(DiagnosticCodes.AliasExpansion, at, $"the file has more than {MaxNodes:N0} nodes once its aliases are expanded");
        }
    }

    private void Open(bool isFlow, Mark mark)
    {
        if (isFlow)
        {
            _open.Add(At(mark, 1));
        }
    }

    private void Close(bool isFlow)
    {
        if (isFlow)
        {
            _open.RemoveAt(_open.Count - 1);
        }
    }

    private Refused Refuse(string code, SourceSpan at, string message)
    {
        _bag.Error(code, at, message);
        return new Refused();
    }

    /// <remarks>YamlDotNet's end mark of a flow collection stands before its closing bracket.</remarks>
    private SourceSpan Across(Mark start, Mark end, bool isFlow) =>
        At(start, start.Line == end.Line ? (int)(end.Index - start.Index) + (isFlow ? 1 : 0) : int.MaxValue);

    private SourceSpan At(Mark mark, int length) => _source.At(mark.Line, mark.Column, length);

    /// <summary>Reading ends here; the reason is in the bag already.</summary>
    private sealed class Refused : Exception;
}
