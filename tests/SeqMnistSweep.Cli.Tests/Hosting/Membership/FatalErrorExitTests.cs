using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

public sealed class FatalErrorExitTests
{
    [Fact]
    public void The_process_ends_with_code_70_after_saying_why()
    {
        var codes = new List<int>();
        using var error = new StringWriter();
        var handler = new FatalErrorExit("worker box", error, NullLogger<FatalErrorExit>.Instance) { Exit = codes.Add };

        handler.OnFatalException(this, "I have been told I am dead", null);

        Assert.Equal([70], codes);
        Assert.Contains("worker box", error.ToString());
        Assert.Contains("I have been told I am dead", error.ToString());
    }

    [Fact]
    public void The_silo_uses_it_and_the_clusters_times()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.UseLocalhostClustering(21001, 0).ConfigureClusterTimes().ExitOnFatalError("head", TextWriter.Null));
        using var host = builder.Build();

        Assert.IsType<FatalErrorExit>(host.Services.GetRequiredService<IFatalErrorHandler>());
        var membership = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ClusterMembershipOptions>>().Value;
        Assert.Equal((1, 3, 3), (membership.ProbeTimeout.TotalSeconds, membership.MaxProbeTimeout.TotalSeconds, membership.NumMissedProbesLimit));
        Assert.Equal((5, 10), (membership.IAmAliveTablePublishTimeout.TotalSeconds, membership.TableRefreshTimeout.TotalSeconds));
        var messaging = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SiloMessagingOptions>>().Value;
        Assert.Equal((10, 8 << 20, false), (messaging.ResponseTimeout.TotalSeconds, messaging.MaxMessageBodySize, messaging.CancelRequestOnTimeout));
    }
}
