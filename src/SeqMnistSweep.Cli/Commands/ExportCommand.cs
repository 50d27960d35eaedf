using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Files;
using SeqMnistSweep.SweepFiles.Wandb;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ExportCommand : Verb
{
    private const string TensorBoard = "tensorboard";
    private const string Wandb = "wandb";

    private static readonly string[] Tabular = ["csv", "json", "jsonl", "parquet"];
    private static readonly string[] Whole = [TensorBoard, "optuna", "html", Wandb];

    private readonly Argument<string?> _sweep = Positional<string?>("what", "[SWEEP|FILE]",
        "a sweep's id, the beginning of it, or @last; or a sweep file that ends in .yaml or .yml, for wandb", ArgumentArity.ZeroOrOne);
    private readonly Option<string?> _format = Value<string?>("--format", "FORMAT",
        "csv (default), json, jsonl, parquet, tensorboard, optuna or html; wandb (default of a file): a sweep file for W&B Sweeps");
    private readonly Option<string> _what = Value("--what", "WHAT", "trials or reports, for csv, json, jsonl and parquet", "trials");
    private readonly Option<string> _to = Value("--to", "PATH", "a file, or a folder for tensorboard; - is stdout", "-");
    private readonly Option<bool> _force = Flag("--force", "overwrite a file that is there");
    private readonly Option<string?> _where =
        Value<string?>("--where", "RULE", "only these trials: an expression over columns and parameters");

    public ExportCommand(CommonOptions options)
        : base("export", "a sweep, or its results, for other programs", "Results",
            ("seqsweep export > trials.csv", "a row per trial, a column per parameter"),
            ("seqsweep export tcn-7f3k --what reports --format parquet --to reports.parquet", "every epoch"),
            ("seqsweep export --format tensorboard --to runs", "then: tensorboard --logdir runs"),
            ("seqsweep export --format optuna --to tcn.journal", "then: optuna-dashboard tcn.journal"),
            ("seqsweep export sweep.yaml --to wandb.yaml", "a file for W&B Sweeps, never submitted here"),
            ("seqsweep export --where \"lr < 1e-3 and state == 'completed'\"", "only some"))
    {
        _format.AcceptOnlyFromAmong([.. Tabular, .. Whole]);
        _what.AcceptOnlyFromAmong("trials", "reports");
        this.Takes(_sweep, options.Database, options.Head, _format, _what, _to, _force, _where);

        SetAction((parsed, stop) => RunAsync(options, parsed, stop));
    }

    private async Task<int> RunAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var file = parsed.GetValue(_sweep) is { } what
            && (what == "-" || what.EndsWith(".yaml", StringComparison.Ordinal) || what.EndsWith(".yml", StringComparison.Ordinal))
            ? what
            : null;
        var (format, to) = (parsed.GetValue(_format) ?? (file is null ? "csv" : Wandb), parsed.GetValue(_to)!);
        if (format == Wandb) return await WandbAsync(options, parsed, file, to, stop);

        if (file is not null)
        {
            throw new CommandError(
                ExitCodes.Usage, $"{file} is a sweep file and has no results", "name a sweep, or write it with --format wandb");
        }

        if (to == "-" && (format == TensorBoard || (format == "parquet" && options.Context.OutWidth is not null)))
        {
            throw new CommandError(
                ExitCodes.Usage, format == TensorBoard ? "tensorboard takes a folder" : "parquet is nothing for a terminal",
                "name one with --to PATH");
        }

        using var results = await options.OpenResultsAsync(parsed, stop);
        var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
        var export = new SweepExport(results, sweep, parsed.GetValue(_where));
        var trials = await export.TrialsAsync(stop);
        if (format == TensorBoard)
        {
            var folder = Path.GetFullPath(to, options.Context.Folder);
            var runs = await TensorBoardExport.WriteAsync(export, trials, folder, stop);
            options.Context.Say($"{runs} runs in {folder}; look at them: tensorboard --logdir {folder}");
            return ExitCodes.Ok;
        }

        var reports = parsed.GetValue(_what) == "reports";
        if (to == "-")
        {
            using var bytes = new MemoryStream();
            await WriteAsync(format, results, export, trials, reports, bytes, options.Context, stop);
            await PrintAsync(options.Context, bytes);
            return ExitCodes.Ok;
        }

        var path = Target(options.Context, parsed, to);
        using (var target = new AtomicFile(path))
        {
            await WriteAsync(format, results, export, trials, reports, target.Stream, options.Context, stop);
            target.Commit();
        }

        options.Context.Say($"{trials.Count} trials of {sweep.Sweep} in {path}");
        return ExitCodes.Ok;
    }

    private async Task<int> WandbAsync(CommonOptions options, ParseResult parsed, string? file, string to, CancellationToken stop)
    {
        var export = WandbExport.Of(
            file is null
                ? await StoredAsync(options, parsed, stop)
                : SweepSource.Require(options.Context, SweepSource.Parse(options.Context, file)));
        if (to != "-")
        {
            await File.WriteAllTextAsync(Target(options.Context, parsed, to), export.Yaml, stop);
        }

        if (options.IsJson(parsed))
        {
            var json = new JsonObject { ["to"] = to, ["yaml"] = export.Yaml,
                ["lost"] = new JsonArray([.. export.Lost.Select(sentence => JsonValue.Create(sentence))]) };
            options.WriteJson(parsed, json);
            return ExitCodes.Ok;
        }

        if (to == "-")
        {
            options.Context.Out.Write(export.Yaml);
        }

        foreach (var sentence in export.Lost)
        {
            options.Context.Say($"warning: {sentence}");
        }

        return ExitCodes.Ok;
    }

    /// <exception cref="CommandError">It is there already, and is no device.</exception>
    private string Target(CommandContext context, ParseResult parsed, string to) =>
        TargetFile.Of(context, to, to, parsed.GetValue(_force) || Path.GetFullPath(to).StartsWith("/dev/", StringComparison.Ordinal));

    private async Task<SweepDefinition> StoredAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        using var results = await options.OpenResultsAsync(parsed, stop);
        var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
        return sweep.ReadDefinition()
            ?? throw new CommandError(
                ExitCodes.InvalidSweepFile, $"the stored file of sweep {sweep.Sweep} is no longer valid",
                $"what is wrong with it: seqsweep show {sweep.Sweep} --config | seqsweep validate -");
    }

    private static async Task WriteAsync(
        string format, ResultSource results, SweepExport export, IReadOnlyList<ExportedTrial> trials, bool reports, Stream to,
        CommandContext context, CancellationToken stop)
    {
        switch (format)
        {
            case "optuna":
                await OptunaJournal.WriteAsync(export, trials, to, stop);
                return;
            case "html":
                var answers = new ReportAnswers(results, export.Sweep, export.Where);
                await new HtmlReport(answers, export.Sweep).WriteAsync(to, context.Time.GetUtcNow(), stop);
                return;
        }

        var table = reports ? await export.ReportTableAsync(trials, stop) : export.Table(trials);
        await (format switch
        {
            "parquet" => ParquetExport.WriteAsync(table, to),
            "csv" => TextExports.WriteCsvAsync(table, to),
            _ => TextExports.WriteJsonAsync(table, to, lines: format == "jsonl"),
        });
    }

    /// <summary>Standard output is text to everything else here; bytes that are no text go past it.</summary>
    private static async Task PrintAsync(CommandContext context, MemoryStream bytes)
    {
        if (context.OutWidth is null && ReferenceEquals(context.Out, System.Console.Out))
        {
            StandardStreams.Write(bytes);
            return;
        }

        // What a sweep's author wrote must not steer a terminal.
        var text = System.Text.Encoding.UTF8.GetString(bytes.ToArray());
        await context.Out.WriteAsync(
            context.OutWidth is null ? text : string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)));
    }
}
