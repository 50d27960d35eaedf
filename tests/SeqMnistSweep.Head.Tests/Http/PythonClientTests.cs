using System.Diagnostics;
using SeqMnistSweep.Clients;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>seqsweep.py as a client of a head.</summary>
public sealed class PythonClientTests : IAsyncLifetime
{
    private AskRig _rig = null!;

    public async Task InitializeAsync() => _rig = await AskRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_head_serves_it() =>
        Assert.Equal(PythonSources.All[PythonSources.Module], await _rig.Client.GetByteArrayAsync(new Uri(_rig.Url, "seqsweep.py")));

    [Fact]
    public async Task An_objective_is_optimized_to_the_end_of_its_sweep()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var said = await RunAsync($$"""
            import seqsweep
            def objective(trial):
                for epoch in (1, 2):
                    trial.report(trial.params["x"] / epoch, lr=0.5)
                return trial.params["x"] / 2
            best = seqsweep.optimize(objective, sweep="{{sweep}}")
            print(best["value"], best["trial"])
            """);
        Assert.Equal([$"0.5 {sweep}/1"], said);
        Assert.Equal(6, _rig.Head.Reader.LoadSweep(sweep)!.Reports.Count(report => report.Report["lr"] == 0.5));
    }

    [Fact]
    public async Task A_trial_may_end_early_or_fail()
    {
        var sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
        var said = await RunAsync($$"""
            import seqsweep
            def objective(trial):
                if trial.params["x"] == 2:
                    raise KeyError("no such layer")
                return trial.params["x"]
            seqsweep.optimize(objective, sweep="{{sweep}}", catch=(KeyError,))
            try:
                seqsweep.Client().ask("none-0000")
            except seqsweep.Error as error:
                print(error)
            """);
        Assert.Contains("none-0000", Assert.Single(said), StringComparison.Ordinal);
        var trials = _rig.Head.Reader.LoadSweep(sweep)!.Trials;
        Assert.Equal([TrialState.Completed, TrialState.Failed, TrialState.Completed], trials.Select(trial => trial.State));
        Assert.Contains("no such layer", trials[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_objective_for_Optuna_works_as_it_is()
    {
        var sweep = await _rig.Head.SubmitAsync("""
            name: study
            program: ask
            method: grid
            metric: {name: loss, goal: minimize}
            parameters: {x: {values: [1.0, 5.0, 3.0, 6.0]}, kind: {values: [plain]}}
            early_terminate: {type: median, startup: 1, warmup: 0}
            """);
        var said = await RunAsync("""
            import seqsweep
            class TrialPruned(Exception):
                pass
            def objective(trial):
                x = trial.suggest_float("x", 0, 10, log=False) + len(trial.suggest_categorical("kind", ["plain"])) - 5
                for step in range(2):
                    trial.report(x + 1 - step, step)
                    if trial.should_prune():
                        raise TrialPruned()
                return x
            best = seqsweep.optimize(objective, sweep="study")
            print(int(best["value"]))
            """);
        Assert.Equal(["1"], said);
        var stored = _rig.Head.Reader.LoadSweep(sweep)!;
        Assert.Equal([TrialState.Completed, TrialState.Pruned, TrialState.Pruned, TrialState.Pruned], stored.Trials.Select(trial => trial.State));
        Assert.Equal([(1, 2.0), (2, 1.0)], stored.Reports.Where(report => report.Trial == 1).Select(told => (told.Report.Epoch, told.Report["loss"]!.Value)));
    }

    private async Task<string[]> RunAsync(string script)
    {
        using var folder = new TestSupport.TemporaryFolder();
        folder.Write(PythonSources.Module, [.. PythonSources.All[PythonSources.Module]]);
        var info = new ProcessStartInfo("/usr/bin/python3", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PYTHONPATH"] = folder[""];
        info.Environment["SEQSWEEP_HEAD"] = _rig.Url.ToString();
        info.Environment["SEQSWEEP_TOKEN"] = _rig.Token;
        using var python = Process.Start(info)!;
        var errors = python.StandardError.ReadToEndAsync();
        var said = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(python.ExitCode == 0, await errors);
        return said.Trim().Split('\n');
    }
}
