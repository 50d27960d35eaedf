using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeqMnistSweep.SearchSpaces;

/// <summary>What JSON can say, with integers and reals told apart.</summary>
public enum ParameterKind
{
    /// <summary>JSON's null.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number of 64 bits that was written without point and exponent.</summary>
    Integer,

    /// <summary>Any other number, of 64 bits.</summary>
    Real,

    /// <summary>A string.</summary>
    Text,

    /// <summary>Values in order.</summary>
    List,

    /// <summary>Values by name.</summary>
    Map,
}

/// <summary>One immutable value of a parameter: anything JSON can say, with integers (64 bit) and reals (64 bit) told apart. Equality is by
/// meaning, as in W&amp;B's grid: 3e6 equals 3000000, true does not equal 1, the order of a map's keys does not matter. An <c>As</c> method
/// throws <see cref="InvalidOperationException"/> where the value is of another kind.</summary>
public sealed class ParameterValue : IEquatable<ParameterValue>
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly object? _value;

    private ParameterValue(ParameterKind kind, object? value)
    {
        Kind = kind;
        _value = value;
    }

    /// <summary>JSON's null.</summary>
    public static ParameterValue Null { get; } = new(ParameterKind.Null, null);

    /// <summary>Decides which of the <c>As</c> methods answers.</summary>
    public ParameterKind Kind { get; }

    /// <summary>Whether <see cref="AsReal"/> answers.</summary>
    public bool IsNumber => Kind is ParameterKind.Integer or ParameterKind.Real;

    /// <summary>A boolean.</summary>
    public static ParameterValue Of(bool value) => new(ParameterKind.Boolean, value);

    /// <summary>An integer of 64 bits.</summary>
    public static ParameterValue Of(long value) => new(ParameterKind.Integer, value);

    /// <summary>A real of 64 bits; only a finite one has a JSON form.</summary>
    public static ParameterValue Of(double value) => new(ParameterKind.Real, value);

    /// <summary>A text.</summary>
    public static ParameterValue Of(string value) => new(ParameterKind.Text, value);

    /// <summary>A list in the given order.</summary>
    public static ParameterValue ListOf(IEnumerable<ParameterValue> items) => new(ParameterKind.List, items.ToImmutableArray());

    /// <summary>A map; keys keep the given order.</summary>
    public static ParameterValue MapOf(IEnumerable<KeyValuePair<string, ParameterValue>> items) =>
        new(ParameterKind.Map, items.ToImmutableArray());

    /// <summary>The boolean.</summary>
    public bool AsBoolean() => _value is bool value ? value : throw Not("true or false");

    /// <summary>The integer; a real is none, even a whole one.</summary>
    public long AsInteger() => _value is long value ? value : throw Not("an integer");

    /// <summary>The number as a real, whether it was written as an integer or not.</summary>
    public double AsReal() => _value switch
    {
        long value => value,
        double value => value,
        _ => throw Not("a number"),
    };

    /// <summary>The text.</summary>
    public string AsText() => _value as string ?? throw Not("text");

    /// <summary>The list's items.</summary>
    public ImmutableArray<ParameterValue> AsList() => _value is ImmutableArray<ParameterValue> value ? value : throw Not("a list");

    /// <summary>The map's items in the order that they were given in.</summary>
    public ImmutableArray<KeyValuePair<string, ParameterValue>> AsMap() =>
        _value is ImmutableArray<KeyValuePair<string, ParameterValue>> value ? value : throw Not("a map");

    /// <summary>Reads any JSON; a number without point and exponent that fits 64 bits is an integer.</summary>
    public static ParameterValue FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => Null,
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.String => Of(json.GetString()!),
        JsonValueKind.Number => json.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 && json.TryGetInt64(out var integer)
            ? Of(integer)
            : Of(json.GetDouble()),
        JsonValueKind.Array => ListOf(json.EnumerateArray().Select(FromJson)),
        JsonValueKind.Object => MapOf(json.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, FromJson(p.Value)))),
        _ => throw new ArgumentException($"JSON of kind {json.ValueKind} is no parameter value", nameof(json)),
    };

    /// <summary>Compact JSON that <see cref="FromJson"/> reads back to the same value: a real shows a point or exponent.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>Writes what <see cref="ToJson"/> gives.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case ParameterKind.Null: writer.WriteNullValue(); break;
            case ParameterKind.Boolean: writer.WriteBooleanValue(AsBoolean()); break;
            case ParameterKind.Integer: writer.WriteNumberValue(AsInteger()); break;
            case ParameterKind.Real: writer.WriteRawValue(RealText(AsReal())); break;
            case ParameterKind.Text: writer.WriteStringValue(AsText()); break;
            case ParameterKind.List:
                writer.WriteStartArray();
                foreach (var item in AsList())
                {
                    item.WriteTo(writer);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                foreach (var (key, item) in AsMap())
                {
                    writer.WritePropertyName(key);
                    item.WriteTo(writer);
                }

                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>By meaning, as the class says.</summary>
    public bool Equals(ParameterValue? other)
    {
        if (other is null) return false;

        if (IsNumber && other.IsNumber)
        {
            return Kind == ParameterKind.Integer && other.Kind == ParameterKind.Integer
                ? AsInteger() == other.AsInteger()
                : AsReal().Equals(other.AsReal());
        }

        if (Kind != other.Kind) return false;

        return Kind switch
        {
            ParameterKind.List => AsList().SequenceEqual(other.AsList()),
            ParameterKind.Map => SortedMap(this).SequenceEqual(SortedMap(other)),
            _ => Equals(_value, other._value),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        ParameterKind.Integer or ParameterKind.Real => AsReal().GetHashCode(),
        ParameterKind.List => AsList().Aggregate(17, HashCode.Combine),
        ParameterKind.Map => SortedMap(this).Aggregate(19, (hash, item) => HashCode.Combine(hash, item.Key, item.Value)),
        _ => HashCode.Combine(Kind, _value),
    };

    /// <summary>The value as a person would write it: text without quotes, everything else as JSON.</summary>
    public override string ToString() => Kind == ParameterKind.Text ? AsText() : ToJson();

    private static string RealText(double value)
    {
        if (!double.IsFinite(value)) throw new InvalidOperationException($"{value} has no JSON form");

        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static IEnumerable<KeyValuePair<string, ParameterValue>> SortedMap(ParameterValue map) =>
        map.AsMap().OrderBy(item => item.Key, StringComparer.Ordinal);

    private InvalidOperationException Not(string wanted) => new($"the value {this} is not {wanted}");
}
