using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SeqMnistSweep.Cli.Client;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>Ports under deploy/ are the program's defaults.</summary>
public sealed partial class PortTests
{
    private static readonly int Http = Default("--http-port");
    private static readonly int Silo = Default("--silo-port");
    private static readonly int[] Head = [Http, Silo, Default("--gateway-port")];

    [Fact]
    public void The_image_of_the_head_exposes_them() =>
        Assert.Equal(Head, Numbers(DeployFiles.Dockerfile("docker/Dockerfile.head").Single(line => line.Instruction == "EXPOSE").Value.Split(' ')));

    [Fact]
    public void Compose_publishes_them_on_loopback_unless_told_otherwise()
    {
        var ports = DeployFiles.List(DeployFiles.Yaml("compose.yaml").Single()["services"]!["head"]!["ports"]);
        Assert.Equal(Head.Select(port => $"${{SEQSWEEP_PUBLISH:-127.0.0.1}}:{port}:{port}"), ports);
    }

    [Fact]
    public void The_pod_and_the_Service_of_the_head_have_them()
    {
        var documents = DeployFiles.Yaml("kubernetes/head.yaml");
        var service = documents.Single(document => (string)document["kind"]! == "Service");
        var container = Container(documents.Single(document => (string)document["kind"]! == "StatefulSet"));
        Assert.Equal(Head, Numbers(Values(service["spec"]!["ports"], "port")));
        Assert.Equal(Head, Numbers(Values(container["ports"], "containerPort")));
        Assert.Equal(Values(service["spec"]!["ports"], "name"), Values(container["ports"], "name"));
    }

    [Fact]
    public void A_pod_of_a_worker_listens_where_its_manifest_says()
    {
        var container = Container(DeployFiles.Yaml("kubernetes/worker.yaml")[0]);
        Assert.Equal([Silo], Numbers(Values(container["ports"], "containerPort")));
        Assert.Equal(Silo, int.Parse(DeployedCommand.In("kubernetes/worker.yaml").Single()["--silo-port"]!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_network_policy_lets_them_through_and_nothing_else()
    {
        var policies = DeployFiles.Yaml("kubernetes/network-policy.yaml").ToDictionary(policy => (string)policy["metadata"]!["name"]!, policy => policy["spec"]!);
        Assert.Equal(["seqsweep-head", "seqsweep-nobody", "seqsweep-worker"], policies.Keys.Order());
        Assert.Null(policies["seqsweep-nobody"]["ingress"]);
        Assert.Equal(Head, Numbers(Values(policies["seqsweep-head"]["ingress"]![0]!["ports"], "port")));
        Assert.Equal([Silo], Numbers(Values(policies["seqsweep-worker"]["ingress"]![0]!["ports"], "port")));
    }

    [Fact]
    public void A_command_that_names_a_port_names_the_default() => Assert.All(
        from command in DeployedCommand.All
        from option in new[] { "--http-port", "--silo-port", "--gateway-port" }
        where command[option] is not null
        select (Port: command[option], Expected: Default(option)),
        named => Assert.Equal(named.Expected.ToString(CultureInfo.InvariantCulture), named.Port));

    [Fact]
    public void Every_address_of_a_head_has_its_HTTP_port()
    {
        var ports = DeployFiles.All.SelectMany(file => Address().Matches(DeployFiles.Read(file))).Select(address => address.Groups[1].Value).ToList();
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.Equal(Http.ToString(CultureInfo.InvariantCulture), port));
    }

    private static int Default(string option) =>
        (int)CommandLine.Build(CommandContext.OfProcess()).Subcommands.Single(verb => verb.Name == "head").Options.Single(o => o.Name == option).GetDefaultValue()!;

    private static JsonNode Container(JsonObject workload) => workload["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Single()!;

    private static IEnumerable<string> Values(JsonNode? list, string key) => list!.AsArray().Select(item => (string)item![key]!);

    private static IEnumerable<int> Numbers(IEnumerable<string> texts) => texts.Select(text => int.Parse(text, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"https?://[A-Za-z0-9.-]+:(\d+)")]
    private static partial Regex Address();
}
