using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

public sealed class MembershipChoiceTests
{
    [Theory]
    [InlineData("redis://box", "redis://box:6379/0", "", "")]
    [InlineData("redis://box:7000/3", "redis://box:7000/3", "", "")]
    [InlineData("rediss://:se%40cret@box/", "rediss://box:6379/0", "", "se@cret")]
    [InlineData("redis://ada:a:b@[::1]:7000", "redis://[::1]:7000/0", "ada", "a:b")]
    public void Redis_is_read_with_its_defaults(string text, string shown, string user, string password)
    {
        var redis = Assert.IsType<MembershipChoice.Redis>(MembershipChoice.Parse(text));

        Assert.Equal(shown, redis.ToString());
        Assert.Equal((user, password), (redis.User ?? "", redis.Password ?? ""));
    }

    [Theory]
    [InlineData("postgres://ada:pw@box/sweeps", "postgres://box:5432/sweeps", "ada", "pw")]
    [InlineData("postgresql://ada@10.0.0.1:5433/sweeps", "postgres://10.0.0.1:5433/sweeps", "ada", "")]
    public void Postgres_is_read_with_its_defaults(string text, string shown, string user, string password)
    {
        var postgres = Assert.IsType<MembershipChoice.Postgres>(MembershipChoice.Parse(text));

        Assert.Equal(shown, postgres.ToString());
        Assert.Equal((user, password), (postgres.User, postgres.Password ?? ""));
    }

    [Fact]
    public void The_heads_own_table_is_called_head() => Assert.Equal("head", Assert.IsType<MembershipChoice.InHead>(MembershipChoice.Parse("head")).ToString());

    [Theory]
    [InlineData("", "no address")]
    [InlineData("Head", "no address")]
    [InlineData("box:6379", "no address")]
    [InlineData("postgres//ada:secret@box/x", "no address")]
    [InlineData("mysql://ada:secret@box/x", "'mysql' is not known")]
    [InlineData("redis://box/secret", "no number")]
    [InlineData("mysql://box/x", "'mysql' is not known")]
    [InlineData("redis://box/first", "no number")]
    [InlineData("redis://box/-1", "no number")]
    [InlineData("redis://box/0?ssl=true", "nothing may follow")]
    [InlineData("redis:///0", "no host")]
    [InlineData("postgres://ada:secret@box", "one database must be named")]
    [InlineData("postgres://ada:secret@box/a/b", "one database must be named")]
    [InlineData("postgres://box/sweeps", "no user")]
    [InlineData("postgres://ada:secret@box/x?sslmode=off", "nothing may follow")]
    public void Anything_else_is_refused_with_what_is_accepted_and_without_the_password(string text, string reason)
    {
        var error = Assert.Throws<FormatException>(() => MembershipChoice.Parse(text));

        Assert.Contains(reason, error.Message);
        Assert.Contains("redis://", error.Message);
        Assert.Contains("postgres://", error.Message);
        Assert.DoesNotContain("secret", error.Message);
    }
}
