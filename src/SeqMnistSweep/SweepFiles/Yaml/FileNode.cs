using SeqMnistSweep.SweepFiles.Diagnostics;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>One node of a sweep file with its place. The tree is finite: aliases and merge keys are expanded.</summary>
internal abstract record FileNode(SourceSpan Span)
{
    /// <summary>Nodes in the expanded tree below and including this one.</summary>
    public abstract long Weight { get; }

    public abstract int Depth { get; }

    /// <summary>"a list", "text", ...: what was found, for messages.</summary>
    public abstract string Kind { get; }

    /// <summary>The node as a value; map keys keep the file's order. Null when a real is infinite or NaN somewhere.</summary>
    public abstract ParameterValue? ToValue();
}

/// <param name="Text">After YAML's unescaping.</param>
/// <param name="IsPlain">Written without quotes and not as a block: only then it can be a number, true, false or null.</param>
/// <param name="IsReal">Tagged <c>!!float</c>: an integer's spelling is a real then.</param>
/// <param name="TextOffset">Units from the span's start to the first unit of <paramref name="Text"/>; -1 when the text is not found in the
/// file unit by unit.</param>
internal sealed record FileScalar(SourceSpan Span, string Text, bool IsPlain, int TextOffset, bool IsReal = false) : FileNode(Span)
{
    /// <summary>The scalar's meaning under YAML 1.2's core schema.</summary>
    public ParameterValue? Value { get; } = !IsPlain ? ParameterValue.Of(Text)
        : PlainScalar.Read(Text) is { Kind: ParameterKind.Integer } integer && IsReal ? ParameterValue.Of(integer.AsReal())
        : PlainScalar.Read(Text);

    public override long Weight => 1;

    public override int Depth => 1;

    public override string Kind => Value?.Kind switch
    {
        ParameterKind.Null => "nothing",
        ParameterKind.Boolean => $"'{Text}'",
        ParameterKind.Integer or ParameterKind.Real or null => $"the number {Text}",
        _ => $"the text '{(Text.Length > 40 ? Text[..40] + "..." : Text)}'",
    };

    public bool IsNull => Value?.Kind == ParameterKind.Null;

    /// <summary>The place of a stretch of the text; the whole scalar where units cannot be matched.</summary>
    public SourceSpan Part(int offset, int length) =>
        TextOffset < 0 ? Span : new SourceSpan(Span.Line, Span.Column + TextOffset + offset, Math.Max(1, length));

    public override ParameterValue? ToValue() => Value;
}

internal sealed record FileList(SourceSpan Span, ImmutableArray<FileNode> Items) : FileNode(Span)
{
    public override long Weight { get; } = 1 + Items.Sum(item => item.Weight);

    public override int Depth { get; } = 1 + Items.Select(item => item.Depth).DefaultIfEmpty().Max();

    public override string Kind => "a list";

    public override ParameterValue? ToValue()
    {
        var values = Items.Select(item => item.ToValue()).ToList();
        return values.Contains(null) ? null : ParameterValue.ListOf(values!);
    }
}

internal sealed record FileEntry(FileScalar Key, FileNode Value)
{
    public string Name => Key.Text;
}

/// <summary>Keys are unique.</summary>
internal sealed record FileMap(SourceSpan Span, ImmutableArray<FileEntry> Entries) : FileNode(Span)
{
    private readonly Dictionary<string, FileEntry> _byName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    public override long Weight { get; } = 1 + Entries.Sum(entry => 1 + entry.Value.Weight);

    public override int Depth { get; } = 1 + Entries.Select(entry => entry.Value.Depth).DefaultIfEmpty().Max();

    public override string Kind => "a mapping";

    public FileEntry? Find(string name) => _byName.GetValueOrDefault(name);

    public override ParameterValue? ToValue()
    {
        var values = Entries.Select(entry => KeyValuePair.Create(entry.Name, entry.Value.ToValue())).ToList();
        return values.Any(pair => pair.Value is null) ? null : ParameterValue.MapOf(values!);
    }
}
