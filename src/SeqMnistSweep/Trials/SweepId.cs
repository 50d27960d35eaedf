using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace SeqMnistSweep.Trials;

/// <summary>A sweep's id: its name and four base-32 characters, <c>tcn-pmnist-7f3k</c>. Never empty once made by a constructor or
/// <see cref="Parse"/>.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepId")]
public readonly partial record struct SweepId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    private SweepId(string value) => Value = value;

    /// <summary>As it is written everywhere.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>The id of a sweep called <paramref name="name"/>; the four characters come from the low 20 bits of
    /// <paramref name="entropy"/>.</summary>
    public static SweepId Create(string name, ulong entropy) =>
        Parse($"{name}-{string.Concat(Enumerable.Range(0, 4).Select(i => Alphabet[(int)(entropy >> (5 * i)) & 31]))}");

    /// <exception cref="FormatException"><paramref name="text"/> is no sweep id.</exception>
    public static SweepId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no sweep id; one looks like tcn-pmnist-7f3k");

    /// <summary>False for a text that is no id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SweepId id)
    {
        id = default;
        if (text is null || !Pattern().IsMatch(text)) return false;

        id = new SweepId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
