using System.Collections.Immutable;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class BoundedEventsTests
{
    private static readonly string Long = new('x', 100_000);

    [Fact]
    public void Every_text_of_an_attempt_is_kept_to_a_length()
    {
        AttemptEvent[] told =
        [
            new AttemptEvent.Failed(FailureCause.Crashed, Long), new AttemptEvent.Killed(Long), new AttemptEvent.Released(Long),
            new AttemptEvent.CheckpointLost(new CheckpointFile(1, 0, "a", 1), Long), new AttemptEvent.Started(Long),
        ];
        Assert.All(told, happened => Assert.InRange(happened.Bounded().ToString().Length, 100, 4200));
    }

    [Fact]
    public void Metrics_without_a_name_for_one_are_left_out_and_so_are_too_many()
    {
        var metrics = Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create($"m{i:0000}", 1.0))
            .Append(new("\u001b[31m", 1)).Append(new(Long, 1)).Append(new("", 1)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        var kept = Assert.IsType<AttemptEvent.Reported>(new AttemptEvent.Reported(new EpochReport(1, metrics), null).Bounded()).Metrics;
        Assert.Equal(1000, kept.Count);
        Assert.All(kept.Keys, name => Assert.StartsWith("m", name, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_small_stays_as_it_is()
    {
        var few = ImmutableSortedDictionary<string, double>.Empty.Add("loss", double.NaN);
        AttemptEvent told = new AttemptEvent.Reported(new EpochReport(1, few), null);
        Assert.Same(told, told.Bounded());
        var facts = ImmutableSortedDictionary<string, string>.Empty.Add("a", "b").Add("c\n", "d");
        Assert.Equal(["a"], Assert.IsType<AttemptEvent.Described>(new AttemptEvent.Described(facts).Bounded()).Facts.Keys);
    }
}
