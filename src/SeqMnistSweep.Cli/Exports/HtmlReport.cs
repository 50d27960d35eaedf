using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>A sweep as one file: the dashboard with the head's answers inside, for somebody who has nothing but a browser. It reads
/// nothing, and runs nothing but itself.</summary>
internal sealed class HtmlReport(ReportAnswers answers, SweepRow sweep)
{
    /// <summary>Bytes of a whole report; details of trials end where it is full.</summary>
    public const int Room = 2_900_000;

    private const int Batch = 25;
    private const string Hole = "<!--sweep-->";

    public async Task WriteAsync(Stream to, DateTimeOffset now, CancellationToken stop)
    {
        var page = ReadTemplate();
        var at = page.IndexOf(Hole, StringComparison.Ordinal);
        var table = await answers.TableAsync(stop);
        var trials = table["columns"]!["number"]!.AsArray().Select(number => (int)number!).ToList();
        var whole = new JsonObject
        {
            ["sweep"] = sweep.Sweep,
            ["written"] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["answers"] = await answers.OfSweepAsync(trials, stop),
            ["table"] = table,
            ["detailed"] = new JsonArray(),
        };
        var room = Room - page.Length;
        var packed = Pack(whole);
        if (packed.Length > room * 2 / 3)
        {
            // Six digits are what the pages show.
            Round(whole);
            packed = Pack(whole);
        }

        await WriteAsync(to, page[..at] + packed, stop);
        room -= packed.Length;
        var detailed = await answers.DetailedAsync(trials, stop);
        foreach (var batch in detailed.Chunk(Batch))
        {
            var part = Pack(await DetailsAsync(batch, detailed.Count > 100 ? 100 : 400, stop));
            if ((room -= part.Length) < 0) break;

            await WriteAsync(to, part, stop);
        }

        await WriteAsync(to, page[(at + Hole.Length)..], stop);
    }

    private async Task<JsonObject> DetailsAsync(int[] trials, int pixels, CancellationToken stop)
    {
        var all = new JsonObject();
        foreach (var trial in trials)
        {
            foreach (var (path, answer) in await answers.OfTrialAsync(trial, pixels, stop))
            {
                all[path] = answer?.DeepClone();
            }
        }

        Round(all);
        return new JsonObject { ["answers"] = all, ["detailed"] = new JsonArray([.. trials.Select(trial => JsonValue.Create(trial))]) };
    }

    private static string Pack(JsonObject part)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            packed.Write(Encoding.UTF8.GetBytes(part.ToJsonString()));
        }

        return $"<script type=\"application/gzip\">{Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length)}</script>\n";
    }

    /// <summary>Reals to the digits that are shown of them; what is a text, as whole configurations are, keeps all of its own.</summary>
    private static void Round(JsonNode node)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (name, value) in map.ToList())
                {
                    if (Rounded(value) is { } rounded) map[name] = rounded;
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    if (Rounded(list[i]) is { } rounded) list[i] = rounded;
                }

                break;
        }
    }

    private static JsonValue? Rounded(JsonNode? node)
    {
        if (node is JsonValue value)
        {
            return value.GetValueKind() == JsonValueKind.Number && (double)value is var real && real != Math.Floor(real)
                ? JsonValue.Create(double.Parse(real.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
                : null;
        }

        if (node is not null)
        {
            Round(node);
        }

        return null;
    }

    private static string ReadTemplate()
    {
        using var reader = new StreamReader(typeof(HeadApi).Assembly.GetManifestResourceStream("web/report.html")!);
        return reader.ReadToEnd();
    }

    private static async Task WriteAsync(Stream to, string text, CancellationToken stop) =>
        await to.WriteAsync(Encoding.UTF8.GetBytes(text), stop);
}
