using System.Globalization;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>The examples in Python: that which is paused at its rungs and goes on from its checkpoint, and that for W&amp;B.</summary>
public sealed class PythonExampleTests
{
    private static readonly int[] Rungs = [1, 3];

    private static readonly string Examples = Path.Combine(SeqSweep.Repository, "sweeps", "examples");

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

    [Fact]
    public async Task A_script_for_W_and_B_has_the_values_that_it_prints_here_and_on_a_worker()
    {
        await using var fleet = new Fleet();
        foreach (var folder in (string[])["client", "one"])
        {
            File.Copy(Path.Combine(Examples, "wandb_train.py"), Path.Combine(fleet.Folder(folder), "wandb_train.py"));
        }

        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "2", "--programs", "any");
        var sweep = await fleet.SubmitAsync(File.ReadAllText(Path.Combine(Examples, "wandb.yaml")));
        await using (var here = new RunningProgram(SeqSweep.Program, ["run", "sweep.yaml"], fleet.Folder("client")))
        {
            (await here.EndAsync()).WithoutStackTrace().Expect(0);
        }

        await HasPrintedValuesAsync(await fleet.EndedAsync(sweep), trial => fleet.ClientAsync("logs", trial));
        var reader = new ResultReader(Path.Combine(fleet.Folder("client"), ".seqsweep", "sweeps.db"));
        await HasPrintedValuesAsync(reader.LoadSweep(SweepId.Parse(reader.Sweeps().Single().Sweep))!, async trial =>
        {
            await using var logs = new RunningProgram(SeqSweep.Program, ["logs", trial, "--db", reader.Path], fleet.Folder("client"));
            return await logs.EndAsync();
        });
    }

    private static async Task HasPrintedValuesAsync(RestoredSweep sweep, Func<string, Task<Ended>> logsOf)
    {
        Assert.Equal((SweepState.Completed, 8), (sweep.Sweep.State, sweep.Trials.Count));
        foreach (var trial in sweep.Trials.Take(3))
        {
            var log = (await logsOf($"{sweep.Sweep.Id}/{trial.Number}")).Expect(0).Output.Split('\n');
            var reported = sweep.Reports.Where(report => report.Trial == trial.Number).Select(report => report.Report["val/loss"]).ToList();
            var printed = log.Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)).Select(line => (double?)double.Parse(line.Split(": ")[1], CultureInfo.InvariantCulture)).ToList();
            // One that is pruned is told to end between its report and its print, or later.
            var both = Math.Min(printed.Count, reported.Count);
            Assert.Equal(printed.Take(both), reported.Take(both));
            Assert.True(printed.Count == reported.Count || trial.State == TrialState.Pruned, string.Join('\n', log));
        }
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

        Assert.Equal(9, sweep.Trials.Count);
        foreach (var rung in Rungs)
        {
            // Some may have gone on besides: they were among the best third of those that had come by then.
            var best = sweep.Reports.Where(report => report.Report.Epoch == rung).OrderBy(report => report.Report["val_loss"]).ToList();
            Assert.True(best.Count >= 3, $"{best.Count} trials at epoch {rung}");
            Assert.All(best.Take(best.Count / 3), report => Assert.True(sweep.Trials[report.Trial - 1].Epoch > rung, $"trial {report.Trial} at epoch {rung}"));
        }

        Assert.All(sweep.Trials, trial => Assert.Equal(trial.Epoch == 9 ? TrialState.Completed : TrialState.Pruned, trial.State));
    }

    private static void Write(string folder, string trained)
    {
        const string Said = "print(f\"epoch {epoch}: val_loss {loss:.6f}\")";
        File.Copy(Path.Combine(Examples, "asha.yaml"), Path.Combine(folder, "asha.yaml"));
        var script = File.ReadAllText(Path.Combine(Examples, "asha.py"));
        Assert.Contains(Said, script, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "asha.py"), script.Replace(Said, $"open('{trained}', 'a').write(f'{{trial.id}} {{epoch}}\\n')", StringComparison.Ordinal));
    }
}
