using System.Text.Json;

namespace SeqMnistSweep.Trials;

/// <summary>What a trained network makes of one test image.</summary>
/// <param name="Label">The image's class.</param>
/// <param name="Predicted">The most probable class.</param>
/// <param name="Probability">Of <paramref name="Predicted"/>, 0 to 1.</param>
public sealed record SamplePrediction(int Label, int Predicted, double Probability)
{
    /// <summary>The fact of a trial that has them, for the first test images: a JSON list of <c>[label, predicted,
    /// probability]</c>.</summary>
    public const string Fact = "samples";

    /// <summary>The text of the fact, probabilities with four digits.</summary>
    public static string Write(IEnumerable<SamplePrediction> samples) =>
        JsonSerializer.Serialize(samples.Select(sample => new[] { sample.Label, sample.Predicted, Math.Round(sample.Probability, 4) }));

    /// <summary>Reads <see cref="Fact"/>.</summary>
    /// <param name="facts">All facts of a trial, a JSON object; null without any.</param>
    /// <returns>Empty where there is none, or where a program of a user means something else by it.</returns>
    public static IReadOnlyList<SamplePrediction> Read(string? facts)
    {
        try
        {
            var known = facts is null ? null : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(facts);
            return known?.GetValueOrDefault(Fact) is not { ValueKind: JsonValueKind.String } fact
                || fact.GetString() is not { Length: > 0 } text ? []
                : text.StartsWith('[') ? [.. JsonSerializer.Deserialize<double[][]>(text)!.Select(Of)]
                : [.. text.Split(' ')
                    .Select(sample => Of([.. sample.Split(':').Select(part => double.Parse(part, CultureInfo.InvariantCulture))]))];
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return [];
        }
    }

    /// <remarks>Databases of older versions have <c>label:class:probability</c>, with a space between two.</remarks>
    private static SamplePrediction Of(double[] values) =>
        values is [>= 0 and <= 9 and var label, >= 0 and <= 9 and var predicted, >= 0 and <= 1 and var probability]
            ? new SamplePrediction((int)label, (int)predicted, probability)
            : throw new FormatException("a sample is a label, a class and a probability");
}
