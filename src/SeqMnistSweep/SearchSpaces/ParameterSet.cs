using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SeqMnistSweep.SearchSpaces;

/// <summary>One point of a search space: parameter names with their values, in the file's order. Names are unique. Two sets are equal when
/// they give the same names the same values, whatever the order.</summary>
public sealed class ParameterSet : IEquatable<ParameterSet>, IReadOnlyCollection<KeyValuePair<string, ParameterValue>>
{
    private readonly string? _written;
    private Content? _content; // null until somebody looks into what is written

    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> items) => _content = new Content(items);

    private ParameterSet(string written) => _written = written;

    /// <summary>The set without parameters.</summary>
    public static ParameterSet Empty { get; } = new([]);

    /// <summary>Parameters in the set; the contents of a map count as one.</summary>
    public int Count => Items.Length;

    private ImmutableArray<KeyValuePair<string, ParameterValue>> Items => Read().Items;

    /// <summary>The value of that name; null where there is none.</summary>
    public ParameterValue? this[string name] => Read().ByName.GetValueOrDefault(name);

    /// <summary>Whether there is a value of that name.</summary>
    public bool TryGetValue(string name, [NotNullWhen(true)] out ParameterValue? value) => Read().ByName.TryGetValue(name, out value);

    /// <summary>The set with one value replaced, or added at the end.</summary>
    public ParameterSet With(string name, ParameterValue value) => new(
        Read().ByName.ContainsKey(name)
            ? Items.Select(item => item.Key == name ? KeyValuePair.Create(name, value) : item)
            : Items.Add(KeyValuePair.Create(name, value)));

    /// <summary>Reads a JSON object; see <see cref="ParameterValue.FromJson"/>.</summary>
    public static ParameterSet FromJson(string json) => new(ItemsOf(json));

    /// <summary>What <see cref="ToJson"/> has written, read when somebody looks into it, rare for a million ended trials.</summary>
    public static ParameterSet Written(string json) => new(json);

    /// <summary>A compact JSON object, in the order of the file.</summary>
    public string ToJson() => _written ?? ParameterValue.MapOf(Items).ToJson();

    /// <inheritdoc/>
    public bool Equals(ParameterSet? other) =>
        other is not null && Count == other.Count
            && Items.All(item => other.TryGetValue(item.Key, out var value) && value.Equals(item.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Aggregate(Count, (hash, item) => hash ^ HashCode.Combine(item.Key, item.Value));

    /// <summary>The form used on screen: <c>levels=8 lr=0.002</c>.</summary>
    public override string ToString() => string.Join(' ', Items.Select(item => $"{item.Key}={item.Value}"));

    /// <summary>The parameters in the order of the file.</summary>
    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, ParameterValue>>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Two threads may both read it; they read the same.</summary>
    private Content Read() => _content ??= new Content(ItemsOf(_written!));

    private static ImmutableArray<KeyValuePair<string, ParameterValue>> ItemsOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ParameterValue.FromJson(document.RootElement).AsMap();
    }

    private sealed class Content
    {
        public Content(IEnumerable<KeyValuePair<string, ParameterValue>> items)
        {
            Items = items.ToImmutableArray();
            ByName = new Dictionary<string, ParameterValue>(Items, StringComparer.Ordinal);
        }

        public ImmutableArray<KeyValuePair<string, ParameterValue>> Items { get; }

        public Dictionary<string, ParameterValue> ByName { get; }
    }
}

/// <summary>The wire form of a <see cref="ParameterSet"/>: its JSON.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.ParameterSet")]
public struct ParameterSetSurrogate
{
    /// <summary>The set as <see cref="ParameterSet.ToJson"/> writes it.</summary>
    [Id(0)]
    public string Json { get; set; }
}

/// <summary>Converts between a set and its wire form.</summary>
[RegisterConverter]
public sealed class ParameterSetConverter : IConverter<ParameterSet, ParameterSetSurrogate>
{
    /// <inheritdoc/>
    public ParameterSet ConvertFromSurrogate(in ParameterSetSurrogate surrogate) => ParameterSet.FromJson(surrogate.Json);

    /// <inheritdoc/>
    public ParameterSetSurrogate ConvertToSurrogate(in ParameterSet value) => new() { Json = value.ToJson() };
}
