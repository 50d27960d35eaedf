namespace SeqMnistSweep.Cli.Models;

/// <param name="What">A metric of an epoch, a checkpoint, a fact of the machine.</param>
internal sealed record ComparedValue(string What, string? Trial, string? Rerun, bool Same);

/// <summary>A trial's results against those of a rerun, bit for bit.</summary>
internal static class RerunComparison
{
    /// <summary>On these results depend, so where they differ the results may. Processor and threads are not among them.</summary>
    private static readonly string[] Conditions = ["device", "dataset_digest", "program_version"];

    /// <summary>Conditions that are not the same.</summary>
    public static IReadOnlyList<ComparedValue> OfConditions(IReadOnlyDictionary<string, string> trial, IReadOnlyDictionary<string,
        string> rerun) =>
    [
        .. Conditions.Select(
            name => new ComparedValue(
                name, trial.GetValueOrDefault(name), rerun.GetValueOrDefault(name),
                trial.GetValueOrDefault(name) == rerun.GetValueOrDefault(name)))
            .Where(compared => !compared.Same),
    ];

    /// <summary>Every epoch, with a line for each metric that differs; then every checkpoint that was kept.</summary>
    /// <param name="ends">What was measured once at the end.</param>
    public static IReadOnlyList<ComparedValue> OfResults(
        IReadOnlyList<EpochReport> trial, IReadOnlyList<CheckpointRow> kept,
            IReadOnlyList<(EpochReport Report, CheckpointFile? Checkpoint)> rerun,
                params IEnumerable<(string Name, double? Trial, double? Rerun)> ends)
    {
        var compared = new List<ComparedValue>();
        foreach (var stored in trial)
        {
            var report = stored with { Metrics = stored.Metrics.RemoveRange(DerivedMetric.All) };
            var again = rerun.Select(epoch => epoch.Report).FirstOrDefault(other => other.Epoch == report.Epoch);
            if (again is not null && report.SaysTheSameAs(again))
            {
                compared.Add(new ComparedValue($"epoch {report.Epoch}", "metrics", "metrics", true));
                continue;
            }

            compared.AddRange(report.Metrics.Keys.Where(name => !EpochReport.IsTiming(name))
                .Select(
                    name => new ComparedValue(
                        $"epoch {report.Epoch} {name}", Text(report[name]), Text(again?[name]), Equals(report[name], again?[name])))
                .Where(value => !value.Same));
        }

        foreach (var checkpoint in kept.Where(checkpoint => checkpoint.Batch == 0))
        {
            // Its digest covers weights, moments, steps and settings alike.
            var again = rerun.FirstOrDefault(epoch => epoch.Report.Epoch == checkpoint.Epoch).Checkpoint;
            compared.Add(
                new ComparedValue(
                    $"checkpoint of epoch {checkpoint.Epoch}", checkpoint.Digest, again?.Digest, checkpoint.Digest == again?.Digest));
        }

        compared.AddRange(ends.Select(end => new ComparedValue(end.Name, Text(end.Trial), Text(end.Rerun), Equals(end.Trial, end.Rerun))));
        return compared;
    }

    private static string? Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
