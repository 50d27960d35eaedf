using System.Globalization;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Trainables;

/// <summary>One parameter of a trainable: the row from which validation, defaults, <c>explain</c> and the documentation are made.</summary>
/// <param name="Default">Null when the trainable decides (see the documentation) or the parameter must be given.</param>
/// <param name="Accepts">What is accepted, as a phrase: "an integer of 1 or more".</param>
/// <param name="IsAccepted">Whether a single value is accepted.</param>
public sealed record TrainableParameter(string Name, ParameterValue? Default, string Accepts, Func<ParameterValue, bool> IsAccepted, string Description)
{
    /// <summary>The texts that are accepted; empty where others than texts, or any, are.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether a sweep must give it: there is no default and the trainable decides nothing itself.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether a trial that goes on from another's checkpoint must have the same: its weights, or what its values are measured on, depend on it.</summary>
    public bool MakesModel { get; init; }

    public static TrainableParameter Integer(string name, long? @default, long min, long max, string description) => new(
        name,
        @default is { } value ? ParameterValue.Of(value) : null,
        max == long.MaxValue ? $"an integer of {min} or more" : $"an integer from {min} to {max}",
        v => v.Kind == ParameterKind.Integer && v.AsInteger() >= min && v.AsInteger() <= max,
        description);

    /// <summary>A real in [min, max], or in (min, max) at an end that is said to be open.</summary>
    public static TrainableParameter Real(
        string name, double? @default, double min, double max, string description, bool openMin = false, bool openMax = false) => new(
        name,
        @default is { } value ? ParameterValue.Of(value) : null,
        RangeText(min, max, openMin, openMax),
        v => v.IsNumber && (openMin ? v.AsReal() > min : v.AsReal() >= min) && (openMax ? v.AsReal() < max : v.AsReal() <= max),
        description);

    public static TrainableParameter Flag(string name, bool @default, string description) =>
        new(name, ParameterValue.Of(@default), "true or false", v => v.Kind == ParameterKind.Boolean, description);

    public static TrainableParameter Choice(string name, string @default, string[] choices, string description) => new(
        name,
        ParameterValue.Of(@default),
        "one of " + string.Join(", ", choices),
        v => v.Kind == ParameterKind.Text && choices.Contains(v.AsText(), StringComparer.Ordinal),
        description)
    {
        Choices = choices,
    };

    private static string RangeText(double min, double max, bool openMin, bool openMax)
    {
        var low = string.Create(CultureInfo.InvariantCulture, $"{(openMin ? "above" : "from")} {min}");
        if (double.IsPositiveInfinity(max))
        {
            return openMin ? $"a number {low}" : string.Create(CultureInfo.InvariantCulture, $"a number of {min} or more");
        }

        return string.Create(CultureInfo.InvariantCulture, $"a number {low} {(openMax ? "to below" : "to")} {max}");
    }
}
