using System.Text.Json;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>The folder of an experiment of Ray Tune: a folder for each trial with <c>result.json</c> or <c>progress.csv</c>, its
/// <c>params.json</c>, and <c>error.txt</c> where it failed; beside them what the experiment says of its trials.</summary>
internal static class RayFolder
{
    private const string Result = "result.json";
    private const string Progress = "progress.csv";
    private const string Parameters = "params.json";

    /// <exception cref="CommandError">There is no trial in it, or a file of one cannot be read.</exception>
    public static ForeignTable Read(string folder)
    {
        var states = States(folder);
        var rows = new List<IReadOnlyDictionary<string, ForeignCell>>();
        var curves = new List<IReadOnlyList<CurvePoint>>();
        var folders = TrialFolders(folder);
        if (folders.Select(Path.GetDirectoryName).Distinct().ToList() is { Count: > 1 } experiments)
        {
            throw new CommandError(
                ExitCodes.Usage, $"there are {experiments.Count} experiments in {folder}",
                $"name one of them: {string.Join(", ", experiments.Take(5))}");
        }

        foreach (var trial in folders)
        {
            var (cells, curve) = Trial(trial);
            var state = File.Exists(Path.Combine(trial, "error.txt")) ? "ERROR"
                : cells.GetValueOrDefault("trial_id") is { } id && states.TryGetValue(id.Text, out var known) ? known
                : curve.Count == 0 ? "PENDING"
                : "TERMINATED";
            cells["status"] = new ForeignCell(state, IsQuoted: false);
            rows.Add(cells);
            curves.Add(curve);
        }

        return rows.Count > 0
            ? ForeignTable.Of(rows) with { Curves = curves }
            : throw new CommandError(
                ExitCodes.NotFound, $"there is no trial of Ray Tune in {folder}",
                $"an experiment's folder has one for each trial, with {Result} or {Progress}");
    }

    private static List<string> TrialFolders(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true, MaxRecursionDepth = 2, AttributesToSkip = FileAttributes.ReparsePoint,
        };
        return
        [
            .. Directory.EnumerateDirectories(folder, "*", options).Append(folder)
                .Where(one => File.Exists(Path.Combine(one, Result)) || File.Exists(Path.Combine(one, Progress)))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static (Dictionary<string, ForeignCell> Cells, IReadOnlyList<CurvePoint> Curve) Trial(string folder)
    {
        var cells = new Dictionary<string, ForeignCell>(StringComparer.Ordinal);
        IReadOnlyList<CurvePoint> curve = [];
        foreach (var name in (string[])[Result, Progress])
        {
            if (curve.Count > 0 || !(new FileInfo(Path.Combine(folder, name)) is { Exists: true, Length: > 0 } file)) continue;

            var table = Named(file.FullName, () => ForeignTable.Read(File.ReadAllText(file.FullName)));
            if (table.Rows.Count == 0) continue;

            curve = table.Curves?[^1] ?? [];
            foreach (var (column, cell) in table.Head.Zip(table.Rows[^1]).Where(pair => pair.Second.Text.Length > 0))
            {
                cells[column] = cell;
            }
        }

        if (!cells.Keys.Any(column => column.StartsWith("config/", StringComparison.Ordinal)))
        {
            AddParameters(cells, Path.Combine(folder, Parameters));
        }

        cells.TryAdd("trial_id", new ForeignCell(Path.GetFileName(folder), IsQuoted: false));
        return (cells, curve);
    }

    private static void AddParameters(Dictionary<string, ForeignCell> cells, string path)
    {
        if (!File.Exists(path)) return;

        var table = Named(path, () => NestedCells.Spread(ForeignTable.Plain(
            $$"""{"training_iteration":0,"config":{{File.ReadAllText(path).ReplaceLineEndings(" ")}}}""")));
        foreach (var (column, cell) in table.Head.Zip(table.Rows[0]))
        {
            if (column.StartsWith("config/", StringComparison.Ordinal))
            {
                cells[column] = cell;
            }
        }
    }

    /// <summary>What the newest <c>experiment_state-*.json</c> says of each trial: JSON within JSON, in one of two forms.</summary>
    private static Dictionary<string, string> States(string folder)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        var newest = Directory.EnumerateFiles(folder, "experiment_state-*.json").Order(StringComparer.Ordinal).LastOrDefault();
        if (newest is null) return states;

        try
        {
            var experiment = JsonNode.Parse(PythonJson.Quoted(File.ReadAllText(newest)));
            foreach (var entry in experiment?["trial_data"] as JsonArray ?? experiment?["checkpoints"] as JsonArray ?? [])
            {
                var text = entry is JsonArray { Count: > 0 } pair ? pair[0] : entry;
                var trial = text?.GetValueKind() == JsonValueKind.String ? JsonNode.Parse(PythonJson.Quoted((string)text!)) : text;
                if (trial is JsonObject && trial["trial_id"] is JsonValue id && trial["status"] is JsonValue status)
                {
                    states[id.ToString()] = status.ToString();
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // What the trials' own folders say stands.
        }

        return states;
    }

    private static ForeignTable Named(string path, Func<ForeignTable> read)
    {
        try
        {
            return read();
        }
        catch (CommandError error)
        {
            throw new CommandError(error.ExitCode, $"{path}: {error.Message}", error.Hint);
        }
    }
}
