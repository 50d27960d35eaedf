using System.Text.Json;
using System.Text.RegularExpressions;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A line of a user's program that is a JSON object with something in it that could be a report:
/// <c>{"epoch":1,"val_loss":0.3,"checkpoint":"last.pt"}</c>.</summary>
/// <param name="Epoch">Null where the line does not say.</param>
/// <param name="Metrics">Every other number, also one that is written as a text, NaN and the infinities included.</param>
/// <param name="Checkpoint">A file below the checkpoint folder, or null.</param>
internal sealed partial record ProgramLine(int? Epoch, ImmutableSortedDictionary<string, double> Metrics, string? Checkpoint)
{
    /// <summary>Null for a line that is no JSON object or holds neither a number nor a checkpoint. Blanks around it do not matter, nor what
    /// a progress bar has drawn before it.</summary>
    public static ProgramLine? Parse(string line)
    {
        if (!IsBraced(line)) return null;

        try
        {
            // Python writes NaN and the infinities as bare words, which JSON does not know.
            using var document = JsonDocument.Parse(
                BareNumber().Replace(Bare(line), match => match.Groups[1].Success ? $"\"{match.Value}\"" : match.Value));
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the line begins as a JSON object does.</summary>
    public static bool IsBraced(string line) => Bare(line) is ['{', ..];

    private static string Bare(string line) => line[(line.LastIndexOf('\r') + 1)..].Trim().Trim('\uFEFF');

    private static ProgramLine? Of(JsonElement said)
    {
        int? epoch = null;
        string? checkpoint = null;
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var item in said.EnumerateObject())
        {
            var value = NumberOf(item.Value);
            if (item.Name == "epoch" && value is { } number && number == Math.Truncate(number))
            {
                epoch = (int)Math.Clamp(number, int.MinValue, int.MaxValue);
            }
            else if (item.Name == "checkpoint" && item.Value.ValueKind == JsonValueKind.String)
            {
                checkpoint = item.Value.GetString() is { Length: > 0 } file ? file : null;
            }
            else if (value is { } metric && metrics.Count < OutsideText.MaxNames && OutsideText.IsName(item.Name))
            {
                metrics[item.Name] = metric;
            }
        }

        return metrics.Count == 0 && checkpoint is null ? null : new ProgramLine(epoch, metrics.ToImmutable(), checkpoint);
    }

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString()!.Trim() switch
        {
            "inf" or "+inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        },
        _ => null,
    };

    /// <summary>Strings are matched whole, so that nothing within one is taken for a number.</summary>
    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|(-?\bInfinity\b|\bNaN\b)
        """, RegexOptions.CultureInvariant)]
    private static partial Regex BareNumber();
}
