using System.Text.Json;
using System.Text.RegularExpressions;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A line of a user's program that says something: <c>{"epoch":1,"val_loss":0.3,"checkpoint":"last.pt"}</c>.</summary>
/// <param name="Epoch">Null where the line does not say; then it is the next one.</param>
/// <param name="Metrics">Every other number, NaN and the infinities included; empty for a checkpoint alone.</param>
/// <param name="Checkpoint">A file below the checkpoint folder, or null.</param>
internal sealed partial record ProgramLine(int? Epoch, ImmutableSortedDictionary<string, double> Metrics, string? Checkpoint)
{
    /// <summary>Null for a line that is no JSON object or holds neither a number nor a checkpoint.</summary>
    public static ProgramLine? Parse(string line)
    {
        if (line.Length == 0 || line[0] != '{') return null;

        try
        {
            // Python writes NaN and the infinities as bare words, which JSON does not know.
            using var document = JsonDocument.Parse(
                BareNumber().Replace(line, match => match.Groups[1].Success ? $"\"{match.Value}\"" : match.Value));
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ProgramLine? Of(JsonElement said)
    {
        int? epoch = null;
        string? checkpoint = null;
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var item in said.EnumerateObject())
        {
            if (item.Name == "epoch" && item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt32(out var number))
            {
                epoch = number;
            }
            else if (item.Name == "checkpoint" && item.Value.ValueKind == JsonValueKind.String)
            {
                checkpoint = item.Value.GetString();
            }
            else if (NumberOf(item.Value) is { } value)
            {
                metrics[item.Name] = value;
            }
        }

        return metrics.Count == 0 && string.IsNullOrEmpty(checkpoint) ? null : new ProgramLine(epoch, metrics.ToImmutable(), checkpoint);
    }

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => null,
        },
        _ => null,
    };

    /// <summary>Strings are matched whole, so that nothing within one is taken for a number.</summary>
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|(-?\bInfinity\b|\bNaN\b)
        """, RegexOptions.CultureInvariant)]
    private static partial Regex BareNumber();
}
