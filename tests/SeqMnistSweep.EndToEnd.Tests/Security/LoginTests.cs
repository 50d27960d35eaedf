using SeqMnistSweep.Benchmarks.Chaos;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>How somebody on another machine gets in by an invite, over TLS.</summary>
public sealed class LoginTests
{
    [NeedsNetworkFact]
    public async Task An_invite_lets_in_and_one_with_another_pin_sends_nothing()
    {
        using var network = new Network("head", "cli");
        await using var fleet = new Fleet(network);
        await fleet.StartHeadAsync();
        var invite = (await fleet.AnsweredAsync("invite", "carol", "--role", "operator")).Output.Trim();
        var elsewhere = fleet.Folder("elsewhere");

        Assert.Contains("nothing that this account knows vouches for", (await AsCarolAsync(network, elsewhere, "list", "--head", fleet.Url)).Expect(6).Error, StringComparison.Ordinal);

        var parts = invite.Split("#ssi1.");
        await File.WriteAllTextAsync(Path.Combine(elsewhere, "wrong"), $"{parts[0]}#ssi1.{new string('0', 64)}{parts[1][64..]}");
        var wrong = (await AsCarolAsync(network, elsewhere, "login", "--file", "wrong")).Expect(4);
        Assert.Contains("its pin is another", wrong.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sst1.", wrong.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(elsewhere, "right"), invite);
        Assert.Contains("carol, operator", (await AsCarolAsync(network, elsewhere, "login", "--file", "right")).Expect(0).Error, StringComparison.Ordinal);
        (await AsCarolAsync(network, elsewhere, "list", "--head", fleet.Url)).Expect(0);

        // An operator steers through the gateway, with a certificate that the token gets.
        var sweep = await fleet.SubmitAsync("{name: ask, program: ask, method: grid, metric: {name: loss}, parameters: {x: {values: [1, 2]}}}");
        (await AsCarolAsync(network, elsewhere, "pause", sweep.Value, "--head", fleet.Url)).Expect(0);
        Assert.Equal("carol", fleet.Reader.Events(sweep)[^1].Actor);

        (await fleet.ClientAsync("token", "revoke", "carol")).Expect(0);
        (await AsCarolAsync(network, elsewhere, "list", "--head", fleet.Url)).Expect(4);
    }

    private static async Task<Ended> AsCarolAsync(Network network, string home, params string[] arguments)
    {
        await using var process = new RunningProgram(SeqSweep.Program, arguments, home,
            [.. network.On("cli"), "env", "-u", "XDG_RUNTIME_DIR", "-u", "XDG_STATE_HOME", "-u", "XDG_CONFIG_HOME", $"HOME={home}"]);
        return (await process.EndAsync()).WithoutStackTrace();
    }
}
