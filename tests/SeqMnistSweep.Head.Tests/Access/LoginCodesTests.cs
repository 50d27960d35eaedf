using Microsoft.Extensions.Time.Testing;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Head.Tests.Access;

public sealed class LoginCodesTests
{
    private static readonly Caller Alice = new("alice", Role.Viewer, "t1");

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_code_lets_in_once()
    {
        var codes = new LoginCodes(_time);
        var code = codes.Create(Alice);
        Assert.Equal(Alice, codes.Take(code));
        Assert.Null(codes.Take(code));
    }

    [Fact]
    public void A_code_that_is_too_old_lets_nobody_in()
    {
        var codes = new LoginCodes(_time);
        var code = codes.Create(Alice);
        _time.Advance(LoginCodes.Life);
        Assert.Null(codes.Take(code));
    }

    [Fact]
    public void Of_codes_that_nobody_uses_not_all_are_kept()
    {
        var codes = new LoginCodes(_time);
        var first = codes.Create(Alice);
        for (var i = 0; i < 2000; i++)
        {
            codes.Create(Alice);
        }

        Assert.Null(codes.Take(first));
    }
}
