namespace SeqMnistSweep.SearchSpaces;

/// <summary>One parameter of a trainable: the row from which validation, defaults, <c>explain</c> and the documentation are made.</summary>
/// <param name="Name">As in the sweep file.</param>
/// <param name="Default">Null when the trainable decides (see the documentation) or the parameter must be given.</param>
/// <param name="Accepts">What is accepted, as a phrase: "an integer of 1 or more".</param>
/// <param name="IsAccepted">Whether a single value is accepted.</param>
/// <param name="Description">One line of documentation.</param>
public record TrainableParameter(
    string Name, ParameterValue? Default, string Accepts, Func<ParameterValue, bool> IsAccepted, string Description)
{
    /// <summary>The texts that are accepted; empty where others than texts, or any, are.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether a sweep must give it: there is no default and the trainable decides nothing itself.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether a trial that goes on from another's checkpoint must have the same: its weights, or what its values are measured on,
    /// depend on it.</summary>
    public bool MakesModel { get; init; }

    /// <summary>An integer in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public static TrainableParameter<long> Integer(string name, long @default, long min, long max, string description) =>
        OfIntegers(name, ParameterValue.Of(@default), min, max, description, value => value!.AsInteger());

    /// <summary>The same without a default: null where it is left out.</summary>
    public static TrainableParameter<long?> OptionalInteger(string name, long min, long max, string description) =>
        OfIntegers(name, null, min, max, description, value => value?.AsInteger());

    /// <summary>A real in [<paramref name="min"/>, <paramref name="max"/>], or in (min, max) at an end that is said to be open.</summary>
    public static TrainableParameter<double> Real(
        string name, double @default, double min, double max, string description, bool openMin = false, bool openMax = false) =>
        OfReals(name, ParameterValue.Of(@default), min, max, description, openMin, openMax, value => value!.AsReal());

    /// <summary>The same without a default: null where it is left out.</summary>
    public static TrainableParameter<double?> OptionalReal(string name, double min, double max, string description) =>
        OfReals(name, null, min, max, description, false, false, value => value?.AsReal());

    /// <summary>True or false.</summary>
    public static TrainableParameter<bool> Flag(string name, bool @default, string description) => new(
        name, ParameterValue.Of(@default), "true or false", value => value.Kind == ParameterKind.Boolean, description, value => value!
            .AsBoolean());

    /// <summary>One of a few texts.</summary>
    public static TrainableParameter<string> Choice(string name, string @default, string[] choices, string description) => new(name,
        ParameterValue.Of(@default), "one of " + string.Join(", ", choices),
        value => value.Kind == ParameterKind.Text && choices.Contains(value.AsText(), StringComparer.Ordinal), description,
        value => value!.AsText())
    {
        Choices = choices,
    };

    private static TrainableParameter<T> OfIntegers<T>(
        string name, ParameterValue? @default, long min, long max, string description, Func<ParameterValue?, T> read) => new(
        name,
        @default,
        max == long.MaxValue ? $"an integer of {min} or more" : $"an integer from {min} to {max}",
        value => value.Kind == ParameterKind.Integer && value.AsInteger() >= min && value.AsInteger() <= max,
        description,
        read);

    private static TrainableParameter<T> OfReals<T>(
        string name, ParameterValue? @default, double min, double max, string description, bool openMin, bool openMax,
            Func<ParameterValue?, T> read) => new(
        name,
        @default,
        RangeText(min, max, openMin, openMax),
        value => value.IsNumber && (openMin ? value.AsReal() > min : value.AsReal() >= min)
            && (openMax ? value.AsReal() < max : value.AsReal() <= max),
        description,
        read);

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

/// <summary>A parameter whose values have one type: declared once, and read by its row instead of by its name.</summary>
/// <param name="Read">The value with its type; of null, where it is left out and has no default, null or an error.</param>
public sealed record TrainableParameter<T>(string Name, ParameterValue? Default, string Accepts, Func<ParameterValue, bool> IsAccepted,
    string Description, Func<ParameterValue?, T> Read)
    : TrainableParameter(Name, Default, Accepts, IsAccepted, Description)
{
    /// <summary>The configuration's value, or the default where it is left out or null.</summary>
    /// <exception cref="InvalidOperationException">The value is of another kind; one that <see cref="TrainableParameter.IsAccepted"/> is
    /// not.</exception>
    public T In(ParameterSet configuration) => Read(configuration[Name] is { Kind: not ParameterKind.Null } value ? value : Default);
}
