using System.Net;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Head.Storage;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>Whoever looks after a head asks what it answers.</summary>
public sealed class HealthTests
{
    [Fact]
    public void The_image_and_compose_ask_in_the_same_way()
    {
        var asked = DeployedCommand.All.Where(command => command.Verb == "health" && !command.File.EndsWith(".md", StringComparison.Ordinal))
            .ToLookup(command => command.File, command => string.Join(' ', command.Arguments));
        Assert.Equal(["compose.yaml", "docker/Dockerfile.head"], asked.Select(file => file.Key).Order());
        Assert.All(asked.SelectMany(file => file), command => Assert.Equal("health --ready", command));
    }

    [Fact]
    public void Workers_of_compose_wait_for_a_head_that_is_ready()
    {
        var services = DeployFiles.Yaml("compose.yaml").Single()["services"]!.AsObject();
        Assert.NotNull(services["head"]!["healthcheck"]);
        Assert.All(services.Where(service => service.Key != "head"), service =>
            Assert.Equal("service_healthy", (string)service.Value!["depends_on"]!["head"]!["condition"]!));
    }

    [Fact]
    public async Task A_head_answers_every_probe()
    {
        var probes = (
            from document in DeployFiles.Yaml("kubernetes/head.yaml")
            let containers = document["spec"]!["template"]?["spec"]!["containers"]!.AsArray()
            where containers is not null
            from container in containers
            from probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" }
            select container[probe]!["httpGet"]!).ToList();
        Assert.Equal(3, probes.Count);
        Assert.All(probes, probe => Assert.Equal(("http", "HTTPS"), ((string)probe["port"]!, (string)probe["scheme"]!)));

        var folder = Directory.CreateTempSubdirectory("seqsweep-probes-");
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            using var store = await HeadStore.OpenAsync(Path.Combine(folder.FullName, "sweeps.db"), TimeProvider.System);
            var options = new HeadHostOptions { Listen = new ListenAddress(IPAddress.Any, IPAddress.Loopback), HttpPort = 0, SiloPort = 0, GatewayPort = 0, Variable = TestHead.Variable };
            var checkpoints = new HeadOptions { CheckpointFolder = Path.Combine(folder.FullName, "checkpoints") };
            await using var head = await HeadHost.StartAsync(options, checkpoints, store, Array.Empty<ILoggerProvider>(), TimeProvider.System, limit.Token);
#pragma warning disable CA5399, CA5400, CA5359 // As a kubelet asks: it looks at no certificate.
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
            using var client = new HttpClient(handler);
#pragma warning restore CA5399, CA5400, CA5359
            foreach (var path in probes.Select(probe => (string)probe["path"]!).Distinct())
            {
                using var answer = await client.GetAsync(new Uri(head.Addresses.Http, path), limit.Token);
                Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(limit.Token)}");
            }

            await head.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
