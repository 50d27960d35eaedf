using SeqMnistSweep.Head.Tests.Membership;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

/// <summary>What is true of the tables outside the head, beside what is true of every table.</summary>
public abstract class ServerMembershipContract : MembershipTableContract
{
    private ServerTable? _server;

    /// <summary>For <c>--membership</c>.</summary>
    protected abstract Task<string> Address { get; }

    public override async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [ContractFact]
    public async Task Clients_find_the_gateways_of_active_silos()
    {
        var gateways = _server!.Gateways;
        await gateways.InitializeGatewayListProvider();
        var (active, worker, joining) = (Silo(), Silo(), Silo(SiloStatus.Joining));
        worker.ProxyPort = 0;
        foreach (var silo in (MembershipEntry[])[active, worker, joining])
        {
            Assert.True(await InsertAsync(silo, await ReadAsync()));
        }

        var found = Assert.Single(await gateways.GetGateways());
        Assert.Equal((active.SiloAddress.Endpoint.Address.ToString(), active.ProxyPort), (found.Host, found.Port));
    }

    [ContractFact]
    public async Task Silos_and_a_client_find_each_other_and_part_again()
    {
        await _server!.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));

        var hosts = await _server.Client.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true);
        Assert.Equal(2, hosts.Length);

        await _server.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All((await ReadAsync()).Members, member => Assert.Equal(SiloStatus.Dead, member.Item1.Status));
    }

    [ContractFact]
    public async Task Emptying_the_table_leaves_nothing()
    {
        await InsertAsync(Silo(), await ReadAsync());

        await Table.DeleteMembershipTableEntriesAsync(_server!.ClusterId, default);
        await Table.InitializeMembershipTableAsync(true, default);

        Assert.Empty((await ReadAsync()).Members);
    }

    protected override async Task<IMembershipTable> CreateAsync()
    {
        _server = await ServerTable.CreateAsync(await Address);
        return _server.Table;
    }
}
