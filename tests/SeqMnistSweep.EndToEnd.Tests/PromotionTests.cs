using System.Globalization;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>The example in Python that is paused at its rungs and goes on from its checkpoint; it writes down here what it trains.</summary>
public sealed class PromotionTests
{
    private static readonly int[] Rungs = [1, 3];

    [Fact]
    public async Task Run_here_resumes_at_every_rung_and_trains_no_epoch_twice()
    {
        using var place = new SeqSweep();
        Write(place.Folder, Path.Combine(place.Folder, "trained"));
        (await place.RunAsync("run", "asha.yaml")).WithoutStackTrace().Expect(0);
        Check(place.OnlySweep(), Path.Combine(place.Folder, "trained"), []);
    }

    [Fact]
    public async Task A_worker_does_too_and_after_it_was_killed_another_goes_on_where_it_stood()
    {
        await using var fleet = new Fleet();
        var trained = Path.Combine(fleet.Place.Folder, "trained");
        foreach (var folder in (string[])["client", "one", "two"])
        {
            Write(fleet.Folder(folder), trained);
        }

        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "2", "--programs", "any");
        var sweep = await fleet.SubmitAsync(File.ReadAllText(Path.Combine(fleet.Folder("client"), "asha.yaml")));
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.Any(trial => trial.Attempts > 1), "the first promotion");
        fleet.Workers["one"].Signal("KILL");
        await fleet.StartWorkerAsync("two", "--slots", "2", "--programs", "any");
        var ended = await fleet.EndedAsync(sweep);
        Check(ended, trained, [.. ended.Trials.Where(trial => fleet.Reader.Attempts(new TrialId(sweep, trial.Number)).Any(attempt => attempt is { Worker: "one", Cause: "worker_lost" })).Select(trial => trial.Number)]);
    }

    /// <param name="lost">Trials that lost their worker: of each one epoch may have been trained whose report nobody heard.</param>
    private static void Check(RestoredSweep sweep, string trained, IReadOnlyCollection<int> lost)
    {
        Assert.Equal(SweepState.Completed, sweep.Sweep.State);
        var lines = File.ReadLines(trained).Select(line => line.Split(' ')).ToList();
        foreach (var trial in sweep.Trials)
        {
            var reported = sweep.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report.Epoch).ToList();
            Assert.Equal(Enumerable.Range(1, trial.Epoch), reported);
            var epochs = lines.Where(line => line[0] == new TrialId(sweep.Sweep.Id, trial.Number).ToString()).Select(line => int.Parse(line[1], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(reported, epochs.Distinct());
            Assert.InRange(epochs.Count - reported.Count, 0, lost.Count(number => number == trial.Number));
            Assert.Equal(Rungs.Count(rung => rung < trial.Epoch) + 1, trial.Attempts - lost.Count(number => number == trial.Number));
        }

        Assert.Equal((1, 9), (sweep.Trials.Count(trial => trial.State == TrialState.Completed), sweep.Trials.Count));
    }

    private static void Write(string folder, string trained)
    {
        const string Said = "print(f\"epoch {epoch}: val_loss {loss:.6f}\")";
        var examples = Path.Combine(SeqSweep.Repository, "sweeps", "examples");
        File.Copy(Path.Combine(examples, "asha.yaml"), Path.Combine(folder, "asha.yaml"));
        var script = File.ReadAllText(Path.Combine(examples, "asha.py"));
        Assert.Contains(Said, script, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "asha.py"), script.Replace(Said, $"open('{trained}', 'a').write(f'{{trial.id}} {{epoch}}\\n')", StringComparison.Ordinal));
    }
}
