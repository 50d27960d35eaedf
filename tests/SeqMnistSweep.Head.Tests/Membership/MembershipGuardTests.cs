using System.Net;
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
}
