using System.Text.Json;

namespace SeqMnistSweep.SearchSpaces;

/// <summary>Which value of a parameter a text means. The space says so; only where it says nothing the look of the text does.</summary>
public static class ValueText
{
    /// <summary>By the look: JSON's null, booleans (Python's too), numbers, lists and maps; anything else is a text.</summary>
    public static ParameterValue Guess(string text)
    {
        if (text is "null") return ParameterValue.Null;

        if (text is "true" or "True" or "false" or "False") return ParameterValue.Of(text is "true" or "True");

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? ParameterValue.Of(whole)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? ParameterValue.Of(real)
            : text is ['[' or '{', ..] ? OfJson(text) ?? ParameterValue.Of(text) : ParameterValue.Of(text);
    }

    /// <summary>A value that came another way as the space has it: the one of its list that looks so, or a number of the range's kind.
    /// One that the space does not have is left as it is.</summary>
    /// <param name="space">Null where it is not known.</param>
    /// <param name="name">Of the parameter, dotted where it is nested.</param>
    /// <param name="text">As it stands in a file.</param>
    /// <param name="isGuess">Whether nothing but the text says that it is a list or a map, and no text.</param>
    public static ParameterValue Settle(SearchSpace? space, string name, ParameterValue value, string text, bool isGuess = false)
    {
        if (space?.Find(name)?.Distribution is not { } distribution) return value;

        if (distribution.Listed is { IsDefaultOrEmpty: false } listed)
        {
            var json = value.ToJson();
            return (isGuess && value.Kind is ParameterKind.List or ParameterKind.Map ? listed.FirstOrDefault(Looks) : null)
                ?? listed.FirstOrDefault(one => one.ToJson() == json) ?? listed.FirstOrDefault(value.Equals)
                ?? listed.FirstOrDefault(Looks) ?? value;
        }

        // The grid of an integer step from a real end has reals.
        var kind = distribution is Quantized { IsInteger: true, MinIsInteger: false } ? value.Kind : distribution.At(0.5).Kind;
        return (kind, value.Kind) switch
        {
            (ParameterKind.Real, ParameterKind.Integer) => ParameterValue.Of(value.AsReal()),
            (ParameterKind.Integer, ParameterKind.Real) when Math.Abs(value.AsReal()) < 1e15 && value.AsReal() == Math.Floor(value.AsReal())
                => ParameterValue.Of((long)value.AsReal()),
            _ => value,
        };

        bool Looks(ParameterValue one) => one.ToString() == text;
    }

    private static ParameterValue? OfJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return ParameterValue.FromJson(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
