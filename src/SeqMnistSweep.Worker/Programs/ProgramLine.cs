using System.Text.Json;
using SeqMnistSweep.Clients;
using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A line of a user's program that is a JSON object with something in it that could be a report:
/// <c>{"epoch":1,"val_loss":0.3,"checkpoint":"last.pt"}</c>.</summary>
/// <param name="Epoch">Null where the line does not say.</param>
/// <param name="Metrics">Every other number, also one that is written as a text, NaN and the infinities included.</param>
/// <param name="Checkpoint">A file below the checkpoint folder, or null.</param>
internal sealed record ProgramLine(int? Epoch, ImmutableSortedDictionary<string, double> Metrics, string? Checkpoint)
{
    /// <summary>What it says it is, as the lines of <c>seqsweep.py</c> do: <c>report</c>, <c>summary</c>, <c>waiting</c>,
    /// <c>leaving</c>; null where it does
    /// not say.</summary>
    public string? Kind { get; init; }

    /// <summary>Of a report within an epoch; null for any other.</summary>
    public long? Step { get; init; }

    /// <summary>Null for a line that is no JSON object or holds neither a number nor a checkpoint. Blanks around it do not matter, nor what
    /// a progress bar has drawn before it.</summary>
    public static ProgramLine? Parse(string line)
    {
        if (!IsBraced(line)) return null;

        try
        {
            using var document = JsonDocument.Parse(PythonJson.Quoted(Bare(line)));
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
        string? kind = null;
        long? step = null;
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var item in said.EnumerateObject())
        {
            var value = NumberOf(item.Value);
            if (item.Name == "epoch" && value is { } number && number == Math.Truncate(number))
            {
                epoch = (int)Math.Clamp(number, int.MinValue, int.MaxValue);
            }
            else if (item.Name == "step" && value is { } at && at == Math.Truncate(at) && at >= 0)
            {
                step = (long)Math.Min(at, long.MaxValue);
            }
            else if (item.Name == "checkpoint" && item.Value.ValueKind == JsonValueKind.String)
            {
                checkpoint = item.Value.GetString() is { Length: > 0 } file ? file : null;
            }
            else if (item.Name == "type" && item.Value.ValueKind == JsonValueKind.String)
            {
                kind = item.Value.GetString();
            }
            else
            {
                AddTo(metrics, item.Name, item.Value);
            }
        }

        return metrics.Count == 0 && checkpoint is null && kind is not ("waiting" or "leaving")
            ? null
            : new ProgramLine(epoch, metrics.ToImmutable(), checkpoint) { Kind = kind, Step = step };
    }

    /// <summary>The numbers of nested objects by names that are joined with dots, as W&amp;B does.</summary>
    private static void AddTo(ImmutableSortedDictionary<string, double>.Builder metrics, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var item in value.EnumerateObject())
            {
                AddTo(metrics, $"{name}.{item.Name}", item.Value);
            }
        }
        else if (NumberOf(value) is { } metric)
        {
            Add(metrics, name, metric);
        }
    }

    /// <summary>Adds a metric of a program, unless there are too many or its name is none.</summary>
    public static void Add(ImmutableSortedDictionary<string, double>.Builder metrics, string name, double value)
    {
        if (metrics.Count < OutsideText.MaxNames && OutsideText.IsName(name))
        {
            metrics[name] = value;
        }
    }

    /// <summary>The number that a text is, also as Python writes the infinities; null for any other.</summary>
    public static double? NumberOf(string text) => text.Trim() switch
    {
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        var trimmed => double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
    };

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String => NumberOf(value.GetString()!),
        _ => null,
    };
}
