using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ModelCommand : Verb
{
    public ModelCommand(CommonOptions options)
        : base("model", "the network that a trial has trained", "Results",
            ("seqsweep model export tcn-7f3k/17", "its weights as a safetensors file"),
            ("seqsweep model predict tcn-7f3k/17 --input seven.png", "classify images with it"),
            ("seqsweep model verify tcn-7f3k/17", "train it again, and prove that metrics and weights are the same, bit for bit"))
    {
        Add(new ModelExport(options));
        Add(new ModelPredict(options));
        Add(new ModelVerify(options));
    }
}

internal sealed class ModelExport : Command
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Option<string?> _to = Value<string?>("--to", "FILE", "where to; SWEEP-NUMBER.safetensors here when absent");
    private readonly Option<bool> _aliases =
        Flag("--pytorch-aliases", "add the second names of locuslab's TCN class, for a strict load_state_dict");

    private readonly Option<bool> _force = Flag("--force", "overwrite the file");

    public ModelExport(CommonOptions options)
        : base("export", "write the weights of a trial's best epoch as a safetensors file")
    {
        this.Takes(_trial, options.Database, options.Head, _to, _aliases, _force);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (_, trial) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var file = Path.GetFullPath(parsed.GetValue(_to) ?? $"{trial.Sweep}-{trial.Number}.safetensors", options.Context.Folder);
            if (File.Exists(file) && !parsed.GetValue(_force))
            {
                throw new CommandError(
                    ExitCodes.NotAllowed, $"{file} exists already", "name another file with --to, or overwrite it with --force");
            }

            var model = await TrialCheckpoint.ModelAsync(results, trial, stop);
            var bytes = model.Export(parsed.GetValue(_aliases));
            AtomicFile.Write(file, bytes);
            options.Tell(
                parsed,
                new JsonObject { ["trial"] = trial.Trial, ["epoch"] = model.Epoch, ["file"] = file, ["bytes"] = bytes.Length },
                $"{file}: the weights of {trial.Trial} after epoch {model.Epoch} ({bytes.Length} bytes)");
        });
    }
}
