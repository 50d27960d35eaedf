using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Grains.Placement;

namespace SeqMnistSweep.Cli.Tests.Hosting;

/// <summary>The program has the grain classes of head and worker; a silo claims those of its roles.</summary>
public sealed class SiloRoleTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_silo_hosts_the_grains_of_its_roles_and_no_others(bool head, bool worker)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        foreach (var (has, role) in new[] { (head, SiloRole.Head), (worker, SiloRole.Worker) })
        {
            if (has)
            {
                SiloRole.AddTo(builder.Services, role);
            }
        }

        using var host = builder.Build();
        var classes = host.Services.GetRequiredService<IOptions<GrainTypeOptions>>().Value.Classes;
        foreach (var (grain, hosted) in new[] { (typeof(IHeadGrain), head), (typeof(IDispatchGrain), head), (typeof(ISweepGrain), head), (typeof(IWorkerGrain), worker), (typeof(ITrialGrain), worker) })
        {
            Assert.Equal(hosted, classes.Any(grain.IsAssignableFrom));
        }
    }
}
