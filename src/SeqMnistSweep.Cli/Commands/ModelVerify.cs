using System.Text.Json;
using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ModelVerify : Command
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Option<bool> _reports = Flag("--reports", "print the reports as they come out here, and compare nothing");
    private readonly Option<string?> _data = CommonOptions.Data();

    public ModelVerify(CommonOptions options)
        : base("verify", "train a trial once more, here, and compare metrics and weights bit for bit")
    {
        this.Takes(_trial, options.Database, options.Head, _reports, _data);
        SetAction(async (parsed, stop) =>
        {
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (sweep, trial) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var verify = !parsed.GetValue(_reports);
            Check(trial, verify);
            var facts = trial.Facts is { } json ? JsonSerializer.Deserialize<Dictionary<string, string>>(json)! : [];
            var definition = sweep.ReadDefinition()
                ?? throw new CommandError(
                    ExitCodes.NotAllowed, $"the file of {sweep.Sweep} is not valid to this program", "use the version that ran it");
            if (!definition.Space.Trainable.NeedsLibtorch)
            {
                throw new CommandError(
                    ExitCodes.NotAllowed,
                    $"{sweep.Sweep} runs '{definition.Program}': only trials of {TrainableCatalog.Default.Name} are trained again");
            }

            var folder = Directory.CreateTempSubdirectory("seqsweep-rerun-").FullName;
            try
            {
                var whole = StateNames.Parse<TrialState>(trial.State) == TrialState.Completed || trial.Epochs == 0;
                var rerun = new Rerun(whole ? null : (int)trial.Epochs, options.Context.Say, stop);
                var result = new TcnTrainable().Run(Assignment(trial, definition, facts, folder, parsed.GetValue(_data)), rerun);
                stop.ThrowIfCancellationRequested();
                if (result is TrialResult.Failed failed)
                {
                    throw new CommandError(ExitCodes.NotAllowed, $"the rerun failed: {failed.Cause.ToName()}: {failed.Message}");
                }

                return verify
                    ? await VerifyAsync(options, parsed, results, trial, facts, rerun, result as TrialResult.Completed, stop)
                    : Show(options, parsed, rerun);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
    }

    private static void Check(TrialRow trial, bool verify)
    {
        if (verify && !StateNames.Parse<TrialState>(trial.State).IsFinal())
        {
            throw new CommandError(
                ExitCodes.NotFinished, $"{trial.Trial} is {trial.State}: there are no final results to compare with",
                $"wait for it: seqsweep wait {trial.Sweep}");
        }

        if (verify && trial.Epochs == 0)
        {
            throw new CommandError(
                ExitCodes.NotFound, $"{trial.Trial} is {trial.State} without a report: there is nothing to compare with");
        }

        if (trial.Device is { } device && device != "cpu")
        {
            throw new CommandError(ExitCodes.NotAllowed, $"{trial.Trial} ran on {device}: only the CPU repeats a trial bit for bit");
        }
    }

    private static TrialAssignment Assignment(TrialRow trial, SweepDefinition definition, Dictionary<string, string> facts, string folder,
        string? data) =>
        new()
    {
        Trial = TrialId.Parse(trial.Trial),
        Attempt = 1,
        Program = definition.Program,
        Parameters = ParameterSet.FromJson(trial.Params),
        Seed = trial.Seed,
        Metric = definition.Metric.Name,
        Maximize = definition.Metric.Maximize,
        CheckpointFolder = folder,
        CheckpointEvery = definition.Checkpoint.Every,
        DataFolder = data is null ? null : Path.GetFullPath(data),
        DatasetDigests = facts.TryGetValue("dataset", out var name) && facts.TryGetValue("dataset_digest", out var digest)
            ? ImmutableSortedDictionary<string, string>.Empty.Add(name, digest)
            : ImmutableSortedDictionary<string, string>.Empty,
        Threads = facts.TryGetValue("threads", out var threads) && int.TryParse(threads, CultureInfo.InvariantCulture, out var count)
            ? count
            : definition.Resources.Threads,
    };

    private static async Task<int> VerifyAsync(
        CommonOptions options, ParseResult parsed, ResultSource results, TrialRow trial, Dictionary<string, string> facts, Rerun rerun,
            TrialResult.Completed? end, CancellationToken stop)
    {
        var id = TrialId.Parse(trial.Trial);
        var reports = (await results.ReportsAsync(id, stop)).Select(row => EpochReport.FromJson((int)row.Epoch, row.Metrics)).ToList();
        var kept = await results.CheckpointsAsync(id, stop);
        var conditions = RerunComparison.OfConditions(facts, rerun.Facts);
        (string, double?, double?)[] ends = end is null
            ? []
            : [("test_loss", trial.TestLoss, end.TestLoss), ("test_accuracy", trial.TestAccuracy, end.TestAccuracy)];
        var compared = RerunComparison.OfResults(reports, kept, rerun.Epochs, ends);
        options.Write(parsed, TableOutput.Of(
            ["what", "trial", "rerun", "same"],
            conditions.Concat(compared),
            value => [value.What, value.Trial, value.Rerun, value.Same ? "yes" : "no"]));
        var weights = kept.Any(checkpoint => checkpoint.Batch == 0)
            ? "metrics and weights"
            : "metrics (no checkpoint was kept to compare weights with)";
        if (compared.All(value => value.Same))
        {
            options.Context.Say($"{id}: {weights} are the same, bit for bit");
            return ExitCodes.Ok;
        }

        var why = conditions.Count > 0
            ? $", and so does what they depend on: {string.Join(", ", conditions.Select(condition => condition.What))}"
            : " although nothing that they depend on does";
        options.Context.Say($"{id}: results differ{why}");
        return conditions.Count > 0 ? ExitCodes.NotFinished : ExitCodes.Bug;
    }

    private static int Show(CommonOptions options, ParseResult parsed, Rerun rerun)
    {
        var names = rerun.Epochs.SelectMany(epoch => epoch.Report.Metrics.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        options.Write(parsed, TableOutput.Of(
            ["epoch", .. names],
            rerun.Epochs.Select(epoch => epoch.Report),
            report => [(long)report.Epoch, .. names.Select(name => (object?)Cell.Metric(name, report[name]))]));
        return ExitCodes.Ok;
    }
}
