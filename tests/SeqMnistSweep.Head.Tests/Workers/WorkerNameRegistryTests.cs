using SeqMnistSweep.Head.Workers;

namespace SeqMnistSweep.Head.Tests.Workers;

public sealed class WorkerNameRegistryTests
{
    private static readonly FleetWorker Old = new()
    {
        Name = "w",
        Incarnation = "old",
        Device = "cpu",
        Slots = 1,
        Started = default,
        Seen = default,
        Heard = TimeSpan.Zero,
        IsHeard = true,
    };

    private readonly WorkerNameRegistry _claims = new();

    [Fact]
    public void A_name_that_nobody_has_and_ones_own_name_are_had()
    {
        Assert.Equal(NameClaim.Has, _claims.Register(null, "w", "new", default));
        Assert.Equal(NameClaim.Has, _claims.Register(Old, "w", "old", default));
    }

    [Fact]
    public void A_newcomer_is_refused_when_the_other_one_goes_on_speaking()
    {
        Assert.Equal(NameClaim.Waits, Decide(now: 0.5, heard: 0));
        Assert.Equal(NameClaim.Waits, Decide(now: 2.4, heard: 2.4));
        Assert.Equal(NameClaim.Refused, Decide(now: 2.6, heard: 2.5));
    }

    [Fact]
    public void A_worker_started_again_after_a_crash_has_its_name_after_three_seconds_of_silence()
    {
        Assert.Equal(NameClaim.Waits, Decide(now: 1, heard: 0));

        // What was on its way is no sign of life.
        Assert.Equal(NameClaim.Waits, Decide(now: 2, heard: 1.1));
        Assert.Equal(NameClaim.Waits, Decide(now: 4, heard: 1.1));
        Assert.Equal(NameClaim.Has, Decide(now: 4.1, heard: 1.1));
    }

    [Fact]
    public void A_worker_that_has_left_or_is_lost_or_unheard_since_the_head_started_gives_its_name_at_once()
    {
        Assert.All(
            new[] { Old with { HasLeft = true }, Old with { Loss = "its process ended without a word" }, Old with { IsHeard = false } },
            gone => Assert.Equal(NameClaim.Has, _claims.Register(gone, "w", "new", TimeSpan.Zero)));
    }

    [Fact]
    public void Every_start_of_a_newcomer_waits_for_a_sign_of_life_of_its_own()
    {
        Assert.Equal(NameClaim.Waits, Decide(now: 0, heard: 0));
        Assert.Equal(NameClaim.Waits, Decide(now: 5, heard: 5, incarnation: "newer"));
        Assert.Equal(NameClaim.Refused, Decide(now: 7, heard: 7, incarnation: "newer"));
    }

    private NameClaim Decide(double now, double heard, string incarnation = "new") =>
        _claims.Register(Old with { Heard = TimeSpan.FromSeconds(heard) }, "w", incarnation, TimeSpan.FromSeconds(now));
}
