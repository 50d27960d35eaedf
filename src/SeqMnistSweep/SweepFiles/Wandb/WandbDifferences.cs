using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Yaml;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Wandb;

/// <summary>Where the same file means something else to W&amp;B, or is refused there: warnings given on request.</summary>
internal sealed class WandbDifferences(DiagnosticBag bag)
{
    public void Check(FileMap file)
    {
        new WandbSchema(bag).Check(file);
        CheckScalars(file);
        CheckMethod(file);
        CheckRunning(file);
    }

    /// <summary>Top-level keys that begin with x- are W&amp;B's to refuse, not to read.</summary>
    private void CheckScalars(FileNode node)
    {
        switch (node)
        {
            case FileScalar { IsPlain: true } scalar when Yaml11.Read(scalar) is var there && !Same(scalar.Value, there):
                Differ(
                    DiagnosticCodes.WandbReads, scalar,
                        $"'{Short(scalar.Text)}' is {Kind(scalar.Value)} here and {Kind(there)} to W&B, which reads YAML 1.1",
                    scalar.Value is { Kind: ParameterKind.Real } real ? $"{Yaml11.Real(real.AsReal())} is the same to both"
                    : scalar.Value is { Kind: ParameterKind.Integer } integer ? $"{integer} is the same to both"
                    : "put it in quotes to keep the text");
                break;
            case FileList list:
                list.Items.ToList().ForEach(CheckScalars);
                break;
            case FileMap map:
                foreach (var entry in map.Entries.Where(entry => !entry.Name.StartsWith("x-", StringComparison.Ordinal)))
                {
                    CheckScalars(entry.Value);
                }

                break;
        }
    }

    private void CheckMethod(FileMap file)
    {
        if (file.Find("method")?.Value is not FileScalar method) return;

        var difference = method.Text switch
        {
            "bayes" => "'bayes' is a multivariate tree-structured Parzen estimator here, a Gaussian process on the last 100 runs in W&B",
            "random" => "draws depend on sampler_seed here and are the same every time; W&B's have no seed",
            "grid" => "infeasible points are left out here, and a failed trial is tried again as 'retry' says; W&B counts a failed run as "
                + "done",
            _ => null,
        };
        if (difference is not null)
        {
            Differ(DiagnosticCodes.WandbDiffers, method, difference);
        }
    }

    private void CheckRunning(FileMap file)
    {
        if ((file.Find("early_terminate")?.Value as FileMap)?.Find("type")?.Value is FileScalar { Text: "hyperband" } hyperband)
        {
            Differ(
                DiagnosticCodes.WandbDiffers, hyperband,
                "an iteration is an epoch that reports the metric, the verdict comes with the report, and a trial that reports NaN is "
                    + "stopped; W&B counts every logged value, looks every few minutes, and never stops a run that logs NaN");
        }

        if (file.Find("early_terminate")?.Value is FileMap map && map.Find("strict") is null && map.Find("type") is { } type
            && type.Value is FileScalar { Text: "hyperband" })
        {
            Differ(DiagnosticCodes.WandbDiffers, type.Value,
                "'strict' is true where it is left out, as in W&B's schema; its documentation says false");
        }

        if (file.Find("program")?.Value is not FileScalar program)
        {
            Differ(DiagnosticCodes.WandbDiffers, file, "without 'program' the trials are of 'tcn' here; W&B's agent needs a script");
        }
        else if (TrainableCatalog.Find(program.Text) is not null)
        {
            Differ(DiagnosticCodes.WandbDiffers, program, $"'{program.Text}' is built in here; W&B would start a script of that name");
        }
        else
        {
            Differ(DiagnosticCodes.WandbDiffers, program,
                "W&B hears of an epoch by wandb.log alone; here a line of JSON on standard output tells of one as well",
                "wandb.log works in both");
        }

        if (file.Find("run_cap")?.Value is { } cap && file.Find("seeds") is not null)
        {
            Differ(DiagnosticCodes.WandbDiffers, cap, "'run_cap' counts configurations before seeds here, runs in W&B");
        }
    }

    private static bool Same(ParameterValue? here, ParameterValue? there) =>
        here is null ? there is null : there is not null && here.Kind == there.Kind && here.Equals(there);

    private static string Kind(ParameterValue? value) => value?.Kind switch
    {
        null => "a date, an infinity or NaN",
        ParameterKind.Text => "text",
        ParameterKind.Null => "nothing",
        ParameterKind.Boolean => value.ToString(),
        _ => $"the number {value}",
    };

    private static string Short(string text) => text.Length > 40 ? text[..40] + "..." : text;

    private void Differ(string code, FileNode at, string message, string? help = null) => bag.Warning(code, at.Span, message, help: help);
}
