using System.Net;
using SeqMnistSweep.Grains.Membership;
using SeqMnistSweep.Head.Membership;

namespace SeqMnistSweep.Head.Tests.Membership;

public sealed class MembershipGuardTests
{
    private static readonly SiloAddress Head = SiloAddress.New(IPAddress.Loopback, 11111, 7);

    [Fact]
    public void The_head_that_runs_is_protected_and_the_reason_names_it() =>
        Assert.Contains("127.0.0.1:11111", MembershipGuard.Refusal(Head, SiloAddress.New(IPAddress.Parse("127.0.0.1"), 11111, 7)));

    [Theory]
    [InlineData("127.0.0.1", 11111, 6)]
    [InlineData("127.0.0.1", 11112, 7)]
    [InlineData("127.0.0.2", 11111, 7)]
    public void Other_silos_and_earlier_starts_are_not(string address, int port, int generation) =>
        Assert.Null(MembershipGuard.Refusal(Head, SiloAddress.New(IPAddress.Parse(address), port, generation)));

    [Fact]
    public void Of_another_silo_only_the_workers_own_vote_and_its_death_are_taken()
    {
        var stored = Entry("Active", Vote("a:1@1", 1));

        var voted = MembershipGuard.Vote(stored, stored with { HostName = "forged", Status = "ShuttingDown", Suspects = [Vote("me:1@1", 2), Vote("b:1@1", 2)] }, "me:1@1");
        Assert.Equal(("Active", "box"), (voted!.Status, voted.HostName));
        Assert.Equal(["a:1@1", "me:1@1"], voted.Suspects!.Select(vote => vote.Silo));

        var dead = MembershipGuard.Vote(stored, stored with { Status = "Dead", Suspects = [] }, "me:1@1");
        Assert.Equal("Dead", dead!.Status);
        Assert.Equal(["a:1@1"], dead.Suspects!.Select(vote => vote.Silo));
    }

    [Fact]
    public void What_is_neither_a_vote_nor_death_is_nothing()
    {
        var stored = Entry("Active");

        Assert.Null(MembershipGuard.Vote(stored, stored with { Status = "ShuttingDown" }, "me:1@1"));
        Assert.Null(MembershipGuard.Vote(stored, stored with { Suspects = [Vote("b:1@1", 2)] }, "me:1@1"));
    }

    private static MemberVote Vote(string silo, int second) => new(silo, DateTime.UnixEpoch.AddSeconds(second));

    private static MemberEntry Entry(string status, params MemberVote[] votes) =>
        new("x:1@1", status, votes, 0, "box", "x", null, 0, 0, DateTime.UnixEpoch, DateTime.UnixEpoch);
}
