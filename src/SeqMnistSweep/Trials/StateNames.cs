using System.Collections.Frozen;
using System.Text.Json;

namespace SeqMnistSweep.Trials;

/// <summary>Where states and causes become the words of database and screen, and back: <c>out_of_memory</c>.</summary>
public static class StateNames
{
    /// <summary>The name of a value, in snake case.</summary>
    public static string ToName<T>(this T value)
        where T : struct, Enum => Names<T>.ByValue[value];

    /// <exception cref="FormatException"><paramref name="name"/> names no value of <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string name)
        where T : struct, Enum =>
        Names<T>.ByName.TryGetValue(name, out var value)
            ? value
            : throw new FormatException($"'{name}' is no {typeof(T).Name}; known are {string.Join(", ", Names<T>.ByName.Keys.Order())}");

    /// <summary>The value of a name; false where there is none.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum => Names<T>.ByName.TryGetValue(name, out value);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByValue =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
        public static readonly FrozenDictionary<string, T> ByName =
            ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
