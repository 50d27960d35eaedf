using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>Head, workers and clients as processes of their own.</summary>
public sealed class FleetTests
{
    private const string Training = """
        name: fleet
        method: grid
        parameters:
          dataset: {value: glyphs}
          input_channels: {value: 14}
          levels: {value: 4}
          kernel_size: {value: 3}
          hidden: {value: 8}
          batch_size: {value: 32}
          train_limit: {value: 3000}
          eval_limit: {value: 300}
          shuffle: {value: true}
          epochs: {value: 4}
          dropout: {values: [0.0, 0.1]}
          lr: {values: [0.001, 0.002, 0.005, 0.01]}
        """;

    [Fact]
    public async Task Several_workers_end_with_what_one_process_ends_with()
    {
        using var alone = new SeqSweep();
        alone.Write("fleet.yaml", Training);
        (await alone.RunAsync("run", "fleet.yaml")).Expect(0);

        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "1");
        await fleet.StartWorkerAsync("two", "--slots", "2");
        await fleet.StartWorkerAsync("three", "--slots", "1");
        var sweep = await fleet.SubmitAsync(Training);
        var loaded = await fleet.EndedAsync(sweep);

        Assert.Equal(Outcome.Of(alone.OnlySweep()), Outcome.Of(loaded));
        Assert.Equal(["one", "three", "two"], loaded.Trials.Select(trial => trial.Worker!).Distinct().Order());
        Assert.All(loaded.Trials, trial => Assert.Equal(1, trial.Attempts));
        Assert.All(loaded.Trials, trial => Assert.True(
            File.Exists(Path.Combine(fleet.Folder("head"), ".seqsweep", "checkpoints", sweep.Value, $"{trial.Number}", trial.Checkpoint!.FileName)),
            $"the last checkpoint of trial {trial.Number} is not on the head"));
    }
}
