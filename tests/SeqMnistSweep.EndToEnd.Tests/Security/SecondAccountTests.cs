using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S5, S19: another account of the machine reaches the head's port, and nothing behind it.</summary>
public sealed class SecondAccountTests
{
    private const string Program = """
        name: rce
        program: x
        command: ["/bin/sh", "-c", "id"]
        method: random
        run_cap: 1
        metric: {name: value, goal: minimize}
        parameters: {x0: {min: 0.0, max: 1.0}}
        """;

    [NeedsSecondAccountFact]
    public async Task Every_command_of_another_account_names_whose_head_it_is_and_changes_nothing()
    {
        using var nobody = new SecondAccount();
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        var file = Path.Combine(Path.GetTempPath(), $"seqsweep-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(file, Program);
        try
        {
            string[][] commands =
            [
                ["list"], ["workers"], ["submit", file], ["ask", "@last"], ["query", "select 1"], ["backup", "--to", "/tmp/x.db"], ["token", "list"], ["audit"], ["open"],
                ["worker", "--device", "cpu", "--dir", Path.Combine(Path.GetTempPath(), $"seqsweep-{Guid.NewGuid():N}")],
            ];
            foreach (var command in commands)
            {
                var ended = await nobody.RunAsync([.. command, "--head", fleet.Url]);
                Assert.Contains($"the head at {new Uri(fleet.Url).Authority} is root's", ended.Error, StringComparison.Ordinal);
                Assert.Contains("seqsweep login", ended.Error, StringComparison.Ordinal);
                Assert.Equal(4, ended.Code);
            }

            Assert.Contains("no token for", (await nobody.RunAsync("token", "show", "--head", fleet.Url)).Expect(5).Error, StringComparison.Ordinal);
            Assert.Equal("ready", (await nobody.RunAsync("health", "--head", fleet.Url)).Expect(0).Output.Trim());
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Empty(fleet.Reader.Sweeps());
        Assert.Empty(fleet.Reader.Workers());
        var audit = (await fleet.ClientAsync("audit", "-o", "csv")).Expect(0).Output;
        Assert.Contains("127.0.0.1", audit, StringComparison.Ordinal);
        Assert.Contains("401", audit, StringComparison.Ordinal);
        Assert.True(audit.Split('\n').Length < 10, $"refusals of an address are told once a minute:\n{audit}");
    }
}
