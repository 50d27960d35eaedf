using System.Globalization;
using SeqMnistSweep.Cli.Watching;
using SeqMnistSweep.Results;
using SeqMnistSweep.Sampling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>What a sweep of <c>tcn</c> would cost if no trial were stopped early. Other programs have no known cost.</summary>
/// <param name="Images">Trained, over all trials and epochs.</param>
/// <param name="Flop">Floating-point operations of training and evaluation.</param>
/// <param name="Seconds">Estimated from epochs that this database holds; null without any.</param>
/// <param name="Time">The estimate with its assumption, for a person.</param>
internal sealed record SweepCost(double Images, double Flop, double? Seconds, string Time)
{
    private const int Sampled = 500;

    public string Work => string.Create(CultureInfo.InvariantCulture, $"{Images / 1e6:0.###} million images to train on, {Flop / 1e12:0.#} TFLOP");

    /// <returns>Null when the cost is not known: another program, or a search without end.</returns>
    public static SweepCost? Of(SweepDefinition definition, SweepPlan plan, string database, int slots, TimeProvider time)
    {
        if (definition.Program != "tcn" || plan.Trials is not { } trials)
        {
            return null;
        }

        var sampler = SamplerCatalog.Create(definition);
        var nothing = new SearchHistory();
        var points = new List<ParameterSet>();
        for (var cursor = 0L; points.Count < Sampled && sampler.Propose(cursor, nothing) is { } proposal; cursor = proposal.NextCursor)
        {
            points.Add(proposal.Parameters);
        }

        if (points.Count == 0)
        {
            return null;
        }

        var images = points.Average(TcnCost.TrainedImages) * trials;
        var flop = points.Average(TcnCost.TrialFlop) * trials;
        var speed = SpeedSeen(database, time);
        var parallel = Math.Min(slots, definition.Limits.MaxParallel ?? int.MaxValue);
        var seconds = speed is { } known ? flop / known.FlopPerSecond / Math.Min(parallel, trials) : (double?)null;
        var text = seconds is { } estimate
            ? $"about {SweepText.Duration(TimeSpan.FromSeconds(estimate))} with {parallel} trial(s) at a time, from {speed!.Value.Epochs} epoch(s) in {database}"
            : "unknown: no epoch of tcn in this database yet to judge by";
        return new SweepCost(images, flop, seconds, text);
    }

    /// <summary>Median training speed of one slot over the last epochs that the database holds.</summary>
    private static (double FlopPerSecond, int Epochs)? SpeedSeen(string database, TimeProvider time)
    {
        if (!File.Exists(database))
        {
            return null;
        }

        try
        {
            var query = new ReadOnlyQuery(
                """
                select t.params, json_extract(r.metrics, '$.samples_per_second')
                from reports r join trials t on t.trial = r.trial
                where json_extract(r.metrics, '$.samples_per_second') > 0 and json_extract(t.facts, '$.libtorch') is not null
                order by r.time desc
                """,
                200);
            var speeds = query.Run(database, time).Rows
                .Select(row => 3 * TcnCost.ForwardFlop(ParameterSet.FromJson((string)row[0]!)) * Convert.ToDouble(row[1], CultureInfo.InvariantCulture))
                .Order().ToList();
            return speeds.Count == 0 ? null : (speeds[speeds.Count / 2], speeds.Count);
        }
        catch (Exception error) when (error is DatabaseException or Results.Reading.QueryException)
        {
            return null;
        }
    }
}
