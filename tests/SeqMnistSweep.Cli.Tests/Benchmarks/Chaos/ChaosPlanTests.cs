using SeqMnistSweep.Benchmarks.Chaos;

namespace SeqMnistSweep.Cli.Tests.Benchmarks.Chaos;

public sealed class ChaosPlanTests
{
    private static readonly string[] Workers = ["w1", "w2", "w3"];

    [Fact]
    public void A_seed_gives_the_same_faults_every_time_and_another_one_others()
    {
        Assert.Equal(Faults(seed: 7, 100), Faults(seed: 7, 100));
        Assert.NotEqual(Faults(seed: 7, 100), Faults(seed: 8, 100));
    }

    [Fact]
    public void Every_kind_and_every_worker_has_its_turn()
    {
        var faults = Faults(seed: 1, 18);
        Assert.Equal(Enum.GetValues<ChaosKind>(), faults.Select(fault => fault.Kind).Distinct().Order());
        Assert.Equal(Workers, faults.Select(fault => fault.Worker).Distinct().Order());
    }

    [Fact]
    public void Links_are_left_alone_where_they_cannot_be_cut() =>
        Assert.DoesNotContain(Faults(seed: 1, 100, cutsLinks: false), fault => fault.Kind == ChaosKind.CutLink);

    [Fact]
    public void Freezes_and_cuts_last_five_to_twenty_seconds() => Assert.All(
        Faults(seed: 1, 500).Where(fault => fault.Kind is ChaosKind.FreezeWorker or ChaosKind.FreezeHead or ChaosKind.CutLink),
        fault => Assert.InRange(fault.Length.TotalSeconds, 5, 20));

    private static List<ChaosFault> Faults(long seed, int count, bool cutsLinks = true)
    {
        var plan = new ChaosPlan(seed, Workers, cutsLinks);
        return [.. Enumerable.Range(0, count).Select(_ => plan.Next())];
    }
}
