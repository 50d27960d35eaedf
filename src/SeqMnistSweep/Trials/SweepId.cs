using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SeqMnistSweep.Trials;

/// <summary>A sweep's id: its name and four base-32 characters, <c>tcn-pmnist-7f3k</c>. Never empty once made by a constructor or
/// <see cref="Parse"/>. It names folders, so it arrives from elsewhere only by way of <see cref="Parse"/>.</summary>
public readonly record struct SweepId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    private const int MaxLength = 121;

    private static readonly SearchValues<char> First = SearchValues.Create(Letters);
    private static readonly SearchValues<char> Allowed = SearchValues.Create($"{Letters}.-");

    private SweepId(string value) => Value = value;

    /// <summary>As it is written everywhere.</summary>
    public string Value { get; }

    /// <summary>The id of a sweep called <paramref name="name"/>; the four characters come from the low 20 bits of
    /// <paramref name="entropy"/>.</summary>
    public static SweepId Create(string name, ulong entropy) =>
        Parse($"{name}-{string.Concat(Enumerable.Range(0, 4).Select(i => Alphabet[(int)(entropy >> (5 * i)) & 31]))}");

    /// <exception cref="FormatException"><paramref name="text"/> is no sweep id.</exception>
    public static SweepId Parse(string? text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is no sweep id; one looks like tcn-pmnist-7f3k");

    /// <summary>False for a text that is no id.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out SweepId id)
    {
        id = default;
        if (text is not { Length: > 0 and <= MaxLength } || !First.Contains(text[0]) || text.AsSpan().ContainsAnyExcept(Allowed))
        {
            return false;
        }

        id = new SweepId(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The wire form of a <see cref="SweepId"/>.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepId")]
public struct SweepIdSurrogate
{
    /// <summary>As it is written everywhere.</summary>
    [Id(0)]
    public string? Value { get; set; }
}

/// <summary>Refuses what is no id.</summary>
[RegisterConverter]
public sealed class SweepIdConverter : IConverter<SweepId, SweepIdSurrogate>
{
    /// <inheritdoc/>
    public SweepId ConvertFromSurrogate(in SweepIdSurrogate surrogate) => SweepId.Parse(surrogate.Value);

    /// <inheritdoc/>
    public SweepIdSurrogate ConvertToSurrogate(in SweepId value) => new() { Value = value.Value };
}
