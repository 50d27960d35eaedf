using System.CommandLine;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.SweepFiles.Wandb;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ExportCommand : Verb
{
    private readonly Argument<string?> _what = new("what") { HelpName = "[SWEEP|FILE]", Description = "a sweep's id, the beginning of it, or @last; or a sweep file that ends in .yaml or .yml", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _format = new("--format") { HelpName = "FORMAT", Description = "wandb: a sweep file for W&B Sweeps", DefaultValueFactory = _ => "wandb" };
    private readonly Option<string> _to = new("--to") { HelpName = "FILE", Description = "where to; - is stdout", DefaultValueFactory = _ => "-" };

    public ExportCommand(CommonOptions options)
        : base(
            "export",
            "a sweep for other programs",
            "Results",
            ("seqsweep export tcn-7f3k --format wandb", "its file for W&B Sweeps, on stdout"),
            ("seqsweep export sweep.yaml --to wandb.yaml", "a file that was never submitted"))
    {
        _format.AcceptOnlyFromAmong("wandb");
        Add(_what);
        Add(_format);
        Add(_to);
        Add(options.Database);
        Add(options.Head);
        SetAction(async (parsed, stop) =>
        {
            var export = WandbExport.Of(await DefinitionAsync(options, parsed, stop));
            var to = parsed.GetValue(_to)!;
            if (to != "-")
            {
                await File.WriteAllTextAsync(Path.Combine(options.Context.Folder, to), export.Yaml, stop);
            }

            if (options.IsJson(parsed))
            {
                var json = new JsonObject { ["to"] = to, ["yaml"] = export.Yaml, ["lost"] = new JsonArray([.. export.Lost.Select(sentence => JsonValue.Create(sentence))]) };
                options.Context.Out.WriteLine(TableOutput.ToText(json, parsed.GetValue(options.Output) == OutputFormat.Json));
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
        });
    }

    private async Task<SweepDefinition> DefinitionAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        if (parsed.GetValue(_what) is { } file && (file == "-" || file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal)))
        {
            return SweepSource.Require(options.Context, SweepSource.Parse(options.Context, file));
        }

        using var results = await options.OpenResultsAsync(parsed, stop);
        var sweep = await SweepReference.ResolveAsync(results, parsed.GetValue(_what), stop);
        return SweepFile.Parse(sweep.Spec, $"{sweep.Name}.yaml").Definition
            ?? throw new CommandError(ExitCodes.InvalidSweepFile, $"the stored file of sweep {sweep.Sweep} is no longer valid", $"what is wrong with it: seqsweep show {sweep.Sweep} --config | seqsweep validate -");
    }
}
