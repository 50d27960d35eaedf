namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

[NeedsServer("redis-server")]
public sealed class RedisMembershipTests(RedisServer server) : ServerMembershipContract, IClassFixture<RedisServer>
{
    protected override Task<string> Address => server.Address;
}
