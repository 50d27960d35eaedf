using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Tests.Runners;

public sealed class AttemptNarratorTests
{
    private readonly List<string> _lines = [];

    [Fact]
    public void It_tells_what_runs_each_epoch_each_checkpoint_and_the_end()
    {
        var narrator = new AttemptNarrator(_lines.Add);
        narrator.Start(new TrialAssignment
        {
            Trial = TrialId.Parse("tcn-0000/3"),
            Attempt = 2,
            Program = "tcn",
            Parameters = ParameterSet.FromJson("""{"levels":8}"""),
            Seed = 7,
            Metric = "val_accuracy",
            Maximize = true,
            Resume = new CheckpointFile(1, 4, new string('a', 64), 300),
        });
        narrator.Hear(new AttemptEvent.Started("cpu"));
        narrator.Hear(new AttemptEvent.Described(ImmutableSortedDictionary<string, string>.Empty.Add("dataset", "mnist").Add("parameters", "96040")));
        narrator.Hear(new AttemptEvent.Reported(
            new EpochReport(2, ImmutableSortedDictionary<string, double>.Empty.Add("epoch_seconds", 1.5).Add("val_accuracy", 0.9712345678)),
            new CheckpointFile(2, 0, new string('b', 64), 400)));
        narrator.Hear(new AttemptEvent.Described(ImmutableSortedDictionary<string, string>.Empty.Add("samples", "long")));
        narrator.Hear(new AttemptEvent.Completed(0.1, 0.98));
        Assert.Equal(
            [
                "tcn-0000/3, attempt 2: tcn on cpu, seed 7",
                "parameters: levels=8",
                "goes on from the checkpoint of epoch 1, batch 4 (aaaaaaaaaaaa, 300 bytes)",
                "runs with: dataset=mnist parameters=96040",
                "epoch 2: val_accuracy=0.971235 epoch_seconds=1.5",
                "wrote the checkpoint of epoch 2 (bbbbbbbbbbbb, 400 bytes)",
                "completed: test_loss=0.1 test_accuracy=0.98",
            ],
            _lines);
    }

    [Fact]
    public void It_tells_why_an_attempt_failed()
    {
        new AttemptNarrator(_lines.Add).Hear(new AttemptEvent.Failed(FailureCause.OutOfMemory, "no room"));
        Assert.Equal(["failed (out_of_memory): no room"], _lines);
    }
}
