using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ValidateCommand : Verb
{
    private readonly Argument<string[]> _files =
        Positional<string[]>("files", "FILE...", "sweep files; - is stdin", ArgumentArity.OneOrMore);

    private readonly Option<bool> _wandb = Flag("--wandb", "say too what W&B refuses of the file or does differently");

    public ValidateCommand(CommonOptions options)
        : base("validate", "check sweep files, every error at once", "Sweeps",
            ("seqsweep validate sweep.yaml", "what is wrong, where, and how to mend it"),
            ("seqsweep validate sweeps/*.yaml -o json", "the same for a script"),
            ("seqsweep validate --wandb sweep.yaml", "where W&B Sweeps and this program differ"))
    {
        this.Takes(_files, _wandb);
        SetAction(parsed =>
        {
            var results = parsed.GetValue(_files)!.Select(file => SweepSource.Parse(options.Context, file, parsed.GetValue(_wandb)))
                .ToList();
            if (options.IsJson(parsed))
            {
                options.WriteJson(parsed, new JsonArray([.. results.Select(ToJson)]));
            }
            else
            {
                foreach (var result in results)
                {
                    options.Context.Error.Write(DiagnosticRenderer.Render(result));
                    if (result.Definition is { } definition)
                    {
                        options.Context.Out.WriteLine($"{result.FileName}: ok, sweep '{definition.Name}'");
                    }
                }
            }

            return results.Exists(result => result.HasErrors) ? ExitCodes.InvalidSweepFile : ExitCodes.Ok;
        });
    }

    private static JsonObject ToJson(SweepFileResult result) => new()
    {
        ["file"] = result.FileName,
        ["valid"] = !result.HasErrors,
        ["name"] = result.Definition?.Name,
        ["diagnostics"] = new JsonArray(
        [
            .. result.Diagnostics.Select(diagnostic => new JsonObject
            {
                ["code"] = diagnostic.Code,
                ["severity"] = diagnostic.Severity.ToString().ToLowerInvariant(),
                ["line"] = diagnostic.Line,
                ["column"] = diagnostic.Column,
                ["message"] = diagnostic.Message,
                ["reason"] = diagnostic.Label,
                ["help"] = diagnostic.Help,
            }),
        ]),
        ["more"] = result.More,
    };
}
