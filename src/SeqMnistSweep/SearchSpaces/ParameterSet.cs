using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace SeqMnistSweep.SearchSpaces;

/// <summary>
/// One point of a search space: parameter names with their values, in the file's order. Names are unique.
/// Two sets are equal when they give the same names the same values, whatever the order.
/// </summary>
public sealed class ParameterSet : IEquatable<ParameterSet>, IReadOnlyCollection<KeyValuePair<string, ParameterValue>>
{
    private readonly ImmutableArray<KeyValuePair<string, ParameterValue>> _items;
    private readonly Dictionary<string, ParameterValue> _byName;

    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public ParameterSet(IEnumerable<KeyValuePair<string, ParameterValue>> items)
    {
        _items = items.ToImmutableArray();
        _byName = new Dictionary<string, ParameterValue>(_items, StringComparer.Ordinal);
    }

    public static ParameterSet Empty { get; } = new([]);

    public int Count => _items.Length;

    public ParameterValue? this[string name] => _byName.GetValueOrDefault(name);

    public bool TryGetValue(string name, [NotNullWhen(true)] out ParameterValue? value) => _byName.TryGetValue(name, out value);

    public ParameterSet With(string name, ParameterValue value) => new(
        _byName.ContainsKey(name)
            ? _items.Select(item => item.Key == name ? KeyValuePair.Create(name, value) : item)
            : _items.Add(KeyValuePair.Create(name, value)));

    public static ParameterSet FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ParameterSet(ParameterValue.FromJson(document.RootElement).AsMap());
    }

    public string ToJson() => ParameterValue.MapOf(_items).ToJson();

    public bool Equals(ParameterSet? other) =>
        other is not null && Count == other.Count && _items.All(item => other.TryGetValue(item.Key, out var value) && value.Equals(item.Value));

    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    public override int GetHashCode() => _items.Aggregate(Count, (hash, item) => hash ^ HashCode.Combine(item.Key, item.Value));

    /// <summary>The form used on screen: <c>levels=8 lr=0.002</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in _items)
        {
            text.Append(text.Length > 0 ? " " : "").Append(name).Append('=').Append(value);
        }

        return text.ToString();
    }

    public IEnumerator<KeyValuePair<string, ParameterValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, ParameterValue>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
