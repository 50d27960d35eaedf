using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SeqMnistSweep.Trials;

/// <summary>Where states and causes become the words of database and screen, and back: <c>out_of_memory</c>.</summary>
public static class StateNames
{
    /// <summary>The name of a value, in snake case.</summary>
    public static string ToName<T>(this T value)
        where T : struct, Enum => Names<T>.All[Unsafe.BitCast<T, int>(value)];

    /// <exception cref="FormatException"><paramref name="name"/> names no value of <typeparamref name="T"/>.</exception>
    public static T Parse<T>(string name)
        where T : struct, Enum =>
        TryParse<T>(name, out var value)
            ? value
            : throw new FormatException($"'{name}' is no {typeof(T).Name}; known are {string.Join(", ", Names<T>.All.Order())}");

    /// <summary>The value of a name; false where there is none.</summary>
    public static bool TryParse<T>(string name, out T value)
        where T : struct, Enum
    {
        var number = Array.IndexOf(Names<T>.All, name);
        value = number < 0 ? default : Unsafe.BitCast<int, T>(number);
        return number >= 0;
    }

    /// <summary>The names in the order of the values, which are counted from 0. An array costs a start of the program less than a dictionary.</summary>
    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly string[] All = Array.ConvertAll(Enum.GetNames<T>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);
    }
}
