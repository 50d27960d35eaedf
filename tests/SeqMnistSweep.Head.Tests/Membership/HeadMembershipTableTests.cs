using System.Net;

namespace SeqMnistSweep.Head.Tests.Membership;

#pragma warning disable CA1001 // xunit disposes through IAsyncLifetime
public sealed class HeadMembershipTableTests : MembershipTableContract
#pragma warning restore CA1001
{
    private TableRig? _rig;

    public override Task DisposeAsync()
    {
        _rig?.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Only_the_row_with_the_given_etag_is_updated()
    {
        var (first, second) = (Silo(), Silo());
        await InsertAsync(first, await ReadAsync());
        await InsertAsync(second, await ReadAsync());
        var table = await ReadAsync();

        Assert.False(await Table.UpdateRowAsync(first, Etag(table, second), table.Version.Next(), default));
        Assert.False(await Table.UpdateRowAsync(first, "not one of ours", table.Version.Next(), default));
        Assert.False(await Table.UpdateRowAsync(Silo(), Etag(table, second), table.Version.Next(), default));
        Assert.Equal(table.Version, (await ReadAsync()).Version);
    }

    [Fact]
    public async Task Every_field_comes_back()
    {
        var silo = Silo(SiloStatus.ShuttingDown);
        silo.SiloAddress = SiloAddress.New(IPAddress.IPv6Loopback, 1, int.MaxValue);
        silo.SuspectTimes = [Tuple.Create(Silo().SiloAddress, Time.GetUtcNow().UtcDateTime.AddTicks(1))];
        (silo.RoleName, silo.UpdateZone, silo.FaultZone) = ("a \"role\"", 2, 3);
        await InsertAsync(silo, await ReadAsync());

        var read = Assert.Single((await ReadAsync()).Members).Item1;

        Assert.Equal(silo.ToFullString(), read.ToFullString());
        Assert.Equal(silo.SuspectTimes, read.SuspectTimes);
        Assert.Equal(DateTimeKind.Utc, read.StartTime.Kind);
    }

    [Fact]
    public async Task Signs_of_life_carry_the_heads_time_and_not_the_silos()
    {
        var ahead = Silo();
        ahead.StartTime = ahead.IAmAliveTime = Time.GetUtcNow().UtcDateTime.AddDays(1);
        await InsertAsync(ahead, await ReadAsync());
        Time.Advance(TimeSpan.FromSeconds(5));
        await Table.UpdateIAmAliveAsync(ahead, default);

        var read = Assert.Single((await ReadAsync()).Members).Item1;

        Assert.Equal(Time.GetUtcNow().UtcDateTime.AddSeconds(-5), read.StartTime);
        Assert.Equal(Time.GetUtcNow().UtcDateTime, read.IAmAliveTime);
    }

    [Fact]
    public async Task A_silo_that_goes_on_to_another_state_lives_and_one_that_is_voted_on_need_not()
    {
        var silo = Silo(SiloStatus.Joining);
        var start = Time.GetUtcNow().UtcDateTime;
        await InsertAsync(silo, await ReadAsync());
        Time.Advance(TimeSpan.FromSeconds(60));
        silo.SuspectTimes = [Tuple.Create(Silo().SiloAddress, start)];
        await UpdateAsync(silo, await ReadAsync());
        Assert.Equal(start, (await ReadAsync()).Members[0].Item1.IAmAliveTime);

        silo.Status = SiloStatus.Active;
        await UpdateAsync(silo, await ReadAsync());
        Assert.Equal(start.AddSeconds(60), (await ReadAsync()).Members[0].Item1.IAmAliveTime);

        Time.Advance(TimeSpan.FromSeconds(60));
        silo.Status = SiloStatus.Dead;
        await UpdateAsync(silo, await ReadAsync());
        Assert.Equal(start.AddSeconds(60), (await ReadAsync()).Members[0].Item1.IAmAliveTime);
    }

    [Theory]
    [InlineData(nameof(SiloStatus.Created))]
    [InlineData(nameof(SiloStatus.Joining))]
    [InlineData(nameof(SiloStatus.Active))]
    [InlineData(nameof(SiloStatus.ShuttingDown))]
    [InlineData(nameof(SiloStatus.Stopping))]
    public async Task Only_the_dead_are_forgotten(string status)
    {
        await InsertAsync(Silo(Enum.Parse<SiloStatus>(status)), await ReadAsync());
        Time.Advance(TimeSpan.FromDays(100));

        await Table.CleanupDefunctSiloEntriesAsync(Time.GetUtcNow(), default);

        Assert.Single((await ReadAsync()).Members);
    }

    [Fact]
    public async Task Who_was_declared_dead_a_short_while_ago_is_not_forgotten()
    {
        var silo = Silo();
        await InsertAsync(silo, await ReadAsync());
        Time.Advance(TimeSpan.FromDays(100));
        silo.Status = SiloStatus.Dead;
        silo.SuspectTimes = [Tuple.Create(Silo().SiloAddress, Time.GetUtcNow().UtcDateTime)];
        await UpdateAsync(silo, await ReadAsync());

        await Table.CleanupDefunctSiloEntriesAsync(Time.GetUtcNow().AddDays(-7), default);
        Assert.Single((await ReadAsync()).Members);

        await Table.CleanupDefunctSiloEntriesAsync(Time.GetUtcNow().AddDays(1), default);
        Assert.Empty((await ReadAsync()).Members);
    }

    [Fact]
    public async Task Emptying_the_table_does_not_turn_its_version_back()
    {
        await InsertAsync(Silo(), await ReadAsync());

        await Table.DeleteMembershipTableEntriesAsync("seqsweep", default);

        var table = await ReadAsync();
        Assert.Empty(table.Members);
        Assert.Equal(1, table.Version.Version);
    }

    [Fact]
    public async Task The_names_before_Orleans_10_4_do_the_same()
    {
#pragma warning disable CS0618 // the interface has both
        Assert.True(await Table.InsertRow(Silo(), (await Table.ReadAll()).Version.Next()));
        Assert.Single((await Table.ReadAll()).Members);
#pragma warning restore CS0618
    }

    protected override Task<IMembershipTable> CreateAsync()
    {
        _rig = new TableRig(Time);
        return Task.FromResult<IMembershipTable>(_rig.Table);
    }
}
