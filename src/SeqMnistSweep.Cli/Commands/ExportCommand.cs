using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Files;
using SeqMnistSweep.Results.Rows;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Wandb;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ExportCommand : Verb
{
    private const string TensorBoard = "tensorboard";
    private const string Wandb = "wandb";

    private static readonly string[] Tabular = ["csv", "json", "jsonl", "parquet"];
    private static readonly string[] Whole = [TensorBoard, "optuna", "html", Wandb];

    private readonly Argument<string?> _sweep = new("what")
    {
        HelpName = "[SWEEP|FILE]",
        Description = "a sweep's id, the beginning of it, or @last; or a sweep file that ends in .yaml or .yml, for wandb",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _format = new("--format")
    {
        HelpName = "FORMAT",
        Description = "csv (default), json, jsonl, parquet, tensorboard, optuna or html; wandb (default of a file): a sweep file for "
            + "W&B Sweeps",
    };
    private readonly Option<string> _what = new("--what")
    {
        HelpName = "WHAT",
        Description = "trials or reports, for csv, json, jsonl and parquet",
        DefaultValueFactory = _ => "trials",
    };
    private readonly Option<string> _to =
        new("--to") { HelpName = "PATH", Description = "a file, or a folder for tensorboard; - is stdout", DefaultValueFactory = _ => "-" };
    private readonly Option<string?> _where =
        new("--where") { HelpName = "RULE", Description = "only these trials: an expression over columns and parameters" };

    public ExportCommand(CommonOptions options)
        : base(
            "export",
            "a sweep, or its results, for other programs",
            "Results",
            ("seqsweep export > trials.csv", "a row per trial, a column per parameter"),
            ("seqsweep export tcn-7f3k --what reports --format parquet --to reports.parquet", "every epoch"),
            ("seqsweep export --format tensorboard --to runs", "then: tensorboard --logdir runs"),
            ("seqsweep export --format optuna --to tcn.journal", "then: optuna-dashboard tcn.journal"),
            ("seqsweep export sweep.yaml --to wandb.yaml", "a file for W&B Sweeps, never submitted here"),
            ("seqsweep export --where \"lr < 1e-3 and state == 'completed'\"", "only some"))
    {
        _format.AcceptOnlyFromAmong([.. Tabular, .. Whole]);
        _what.AcceptOnlyFromAmong("trials", "reports");
        this.Takes(_sweep, options.Database, options.Head, _format, _what, _to, _where);

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

        var path = to == "-" ? null : Path.GetFullPath(to, options.Context.Folder);
        await using (
            var target = path is null
                ? (ExportTarget)new TextTarget(options.Context.Out, options.Context.OutWidth is not null)
                : new PartialFile(path))
        {
            await WriteAsync(format, results, export, trials, parsed.GetValue(_what) == "reports", target.Stream, options.Context, stop);
            await target.KeepAsync();
        }

        if (path is not null)
        {
            options.Context.Say($"{trials.Count} trials of {sweep.Sweep} in {path}");
        }

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
            await File.WriteAllTextAsync(Path.Combine(options.Context.Folder, to), export.Yaml, stop);
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

    private async Task<SweepDefinition> StoredAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        using var results = await options.OpenResultsAsync(parsed, stop);
        var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_sweep), stop);
        return SweepFile.Parse(sweep.Spec, $"{sweep.Name}.yaml").Definition
            ?? throw new CommandError(
                ExitCodes.InvalidSweepFile, $"the stored file of sweep {sweep.Sweep} is no longer valid",
                $"what is wrong with it: seqsweep show {sweep.Sweep} --config | seqsweep validate -");
    }

    private static async Task WriteAsync(
        string format, IResults results, SweepExport export, IReadOnlyList<ExportedTrial> trials, bool reports, Stream to,
        CommandContext context, CancellationToken stop)
    {
        switch (format)
        {
            case "optuna":
                await OptunaJournal.WriteAsync(export, trials, to, stop);
                return;
            case "html":
                IReadOnlyList<LeaderboardRow> rows = await results.LeaderboardAsync(export.Id, int.MaxValue, stop);
                await to.WriteAsync(
                    System.Text.Encoding.UTF8.GetBytes(HtmlReport.Of(export.Sweep, rows, trials, context.Time.GetUtcNow())), stop);
                return;
        }

        var table = reports ? await export.ReportTableAsync(trials, stop) : SweepExport.Table(export.Sweep, trials);
        await (format switch
        {
            "parquet" => ParquetExport.WriteAsync(table, to),
            "csv" => TextExports.WriteCsvAsync(table, to),
            _ => TextExports.WriteJsonAsync(table, to, lines: format == "jsonl"),
        });
    }

    /// <summary>Where an export goes; nothing of a broken one stays under its name.</summary>
    private abstract class ExportTarget : IAsyncDisposable
    {
        public abstract Stream Stream { get; }

        public abstract Task KeepAsync();

        public abstract ValueTask DisposeAsync();
    }

    private sealed class PartialFile(string path) : ExportTarget
    {
        private readonly AtomicFile _file = new(path);

        public override Stream Stream => _file.Stream;

        public override Task KeepAsync()
        {
            _file.Commit();
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            _file.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Standard output is text to everything else here; bytes that are no text go past it.</summary>
    /// <param name="isTerminal">What a sweep's author wrote must not steer it.</param>
    private sealed class TextTarget(TextWriter writer, bool isTerminal) : ExportTarget
    {
        private readonly MemoryStream _bytes = new();

        public override Stream Stream => _bytes;

        public override async Task KeepAsync()
        {
            if (isTerminal)
            {
                var text = System.Text.Encoding.UTF8.GetString(_bytes.ToArray());
                await writer.WriteAsync(string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)));
            }
            else if (ReferenceEquals(writer, System.Console.Out))
            {
                await using var output = System.Console.OpenStandardOutput();
                _bytes.WriteTo(output);
            }
            else
            {
                await writer.WriteAsync(System.Text.Encoding.UTF8.GetString(_bytes.ToArray()));
            }
        }

        public override async ValueTask DisposeAsync() => await _bytes.DisposeAsync();
    }
}
