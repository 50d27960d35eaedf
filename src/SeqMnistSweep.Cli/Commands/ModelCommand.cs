using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Files;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ModelCommand : Verb
{
    public ModelCommand(CommonOptions options)
        : base("model", "the network that a trial has trained", "Results",
            ("seqsweep model export tcn-7f3k/17", "its weights as a safetensors file; of a program its checkpoint"),
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
    private readonly Option<string?> _to =
        Value<string?>("--to", "PATH", "where to; SWEEP-NUMBER.safetensors here when absent, or SWEEP-NUMBER- and a program's own name");
    private readonly Option<bool> _aliases =
        Flag("--pytorch-aliases", "add the second names of locuslab's TCN class, for a strict load_state_dict");

    private readonly Option<bool> _force = Flag("--force", "overwrite the file");

    public ModelExport(CommonOptions options)
        : base("export", "write the weights of a trial's best epoch as a safetensors file, or a program's checkpoint as it is")
    {
        this.Takes(_trial, options.Database, options.Head, _to, _aliases, _force);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (sweep, trial) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var (to, force) = (parsed.GetValue(_to), parsed.GetValue(_force));
            if (sweep.ReadDefinition() is { } definition && !TrainableCatalog.IsBuiltIn(definition.Program))
            {
                var (path, one) = await ProgramCheckpoint.ExportAsync(options.Context, results, trial, to, force, stop);
                options.Tell(
                    parsed,
                    new JsonObject { ["trial"] = trial.Trial, ["epoch"] = one.Epoch, ["file"] = path, ["bytes"] = one.Bytes },
                    $"{path}: the checkpoint of {trial.Trial} after epoch {one.Epoch} ({one.Bytes} bytes)");
                return;
            }

            var file = TargetFile.Of(options.Context, to, $"{trial.Sweep}-{trial.Number}.safetensors", force);
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
