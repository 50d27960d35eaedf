using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace SeqMnistSweep.Head.Tests.Membership;

/// <summary>What Orleans expects of a membership table, whoever keeps it. The cases are those of Orleans' own test base for its providers.</summary>
public abstract class MembershipTableContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private int _generation;

    /// <summary>The clock of the silos and of a table that has one. In the past: a real clock never runs ahead of it.</summary>
    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    protected IMembershipTable Table { get; private set; } = null!;

    private DateTime Now => Time.GetUtcNow().UtcDateTime;

    public async Task InitializeAsync()
    {
        Table = await CreateAsync();
        await Table.InitializeMembershipTableAsync(true, default);
    }

    public abstract Task DisposeAsync();

    [ContractFact]
    public async Task A_new_table_has_version_0_and_no_silo()
    {
        var table = await ReadAsync();

        Assert.Equal(0, table.Version.Version);
        Assert.False(string.IsNullOrEmpty(table.Version.VersionEtag));
        Assert.Empty(table.Members);
    }

    [ContractFact]
    public async Task An_insert_adds_a_row_and_raises_the_version()
    {
        var before = await ReadAsync();

        Assert.True(await InsertAsync(Silo(), before));

        var after = await ReadAsync();
        Assert.Single(after.Members);
        Assert.Equal(1, after.Version.Version);
        Assert.NotEqual(before.Version.VersionEtag, after.Version.VersionEtag);
    }

    [ContractFact]
    public async Task What_was_inserted_comes_back()
    {
        var silo = Silo(SiloStatus.Joining);
        await InsertAsync(silo, await ReadAsync());

        AssertSame(silo, Assert.Single((await ReadAsync()).Members).Item1);
        AssertSame(silo, Assert.Single((await Table.ReadRowAsync(silo.SiloAddress, default)).Members).Item1);
    }

    [ContractFact]
    public async Task An_insert_from_an_old_version_changes_nothing()
    {
        var old = await ReadAsync();
        var first = Silo();
        await InsertAsync(first, old);

        Assert.False(await InsertAsync(first, old));
        Assert.False(await InsertAsync(Silo(), old));

        var table = await ReadAsync();
        Assert.Equal(1, table.Version.Version);
        Assert.Equal(first.SiloAddress, Assert.Single(table.Members).Item1.SiloAddress);
    }

    [ContractFact]
    public async Task A_silo_is_inserted_once()
    {
        var silo = Silo();
        await InsertAsync(silo, await ReadAsync());

        Assert.False(await InsertAsync(silo, await ReadAsync()));

        var table = await ReadAsync();
        Assert.Equal(1, table.Version.Version);
        Assert.Single(table.Members);
    }

    [ContractFact]
    public async Task A_row_is_read_alone_with_the_tables_version()
    {
        var (first, second) = (Silo(), Silo());
        await InsertAsync(first, await ReadAsync());
        await InsertAsync(second, await ReadAsync());

        var row = await Table.ReadRowAsync(first.SiloAddress, default);

        Assert.Equal(first.SiloAddress, Assert.Single(row.Members).Item1.SiloAddress);
        Assert.NotNull(row.Members[0].Item2);
        Assert.Equal((await ReadAsync()).Version, row.Version);
    }

    [ContractFact]
    public async Task A_row_that_is_missing_is_read_as_none_with_the_tables_version()
    {
        await InsertAsync(Silo(), await ReadAsync());

        var row = await Table.ReadRowAsync(Silo().SiloAddress, default);

        Assert.Empty(row.Members);
        Assert.Equal(1, row.Version.Version);
    }

    [ContractFact]
    public async Task An_update_replaces_status_and_votes_and_raises_the_version()
    {
        for (var round = 1; round < 6; round++)
        {
            var silo = Silo(SiloStatus.Joining);
            Assert.True(await InsertAsync(silo, await ReadAsync()));
            silo.Status = SiloStatus.Active;
            silo.SuspectTimes = [Tuple.Create(Silo().SiloAddress, Now.AddSeconds(1)), Tuple.Create(Silo().SiloAddress, Now.AddSeconds(2))];

            Assert.True(await UpdateAsync(silo, await ReadAsync()));

            var table = await ReadAsync();
            AssertSame(silo, table.TryGet(silo.SiloAddress)!.Item1);
            Assert.Equal(2 * round, table.Version.Version);
            Assert.Equal(round, table.Members.Count);
        }
    }

    [ContractFact]
    public async Task An_update_from_an_old_version_changes_nothing()
    {
        var empty = await ReadAsync();
        var silo = Silo(SiloStatus.Joining);
        await InsertAsync(silo, empty);
        var inserted = await ReadAsync();
        silo.Status = SiloStatus.Active;
        Assert.False(await Table.UpdateRowAsync(silo, Etag(inserted, silo), empty.Version.Next(), default));
        Assert.True(await UpdateAsync(silo, inserted));
        var updated = await ReadAsync();
        silo.Status = SiloStatus.Dead;

        Assert.False(await UpdateAsync(silo, inserted));
        Assert.False(await Table.UpdateRowAsync(silo, Etag(updated, silo), inserted.Version.Next(), default));

        var table = await ReadAsync();
        Assert.Equal(updated.Version, table.Version);
        Assert.Equal(Etag(updated, silo), Etag(table, silo));
        Assert.Equal(SiloStatus.Active, Assert.Single(table.Members).Item1.Status);
    }

    [ContractFact]
    public async Task Of_inserts_at_the_same_time_one_succeeds()
    {
        var before = await ReadAsync();
        var silo = Silo();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Attempt(() => InsertAsync(silo, before)))).WaitAsync(Patience);

        Assert.Single(outcomes, inserted => inserted);
        Assert.Equal(1, (await ReadAsync()).Version.Version);
    }

    [ContractFact]
    public async Task Updates_at_the_same_time_are_applied_one_after_the_other()
    {
        var silo = Silo();
        await InsertAsync(silo, await ReadAsync());
        using var patience = new CancellationTokenSource(Patience);

        await Task.WhenAll(Enumerable.Range(0, 19).Select(_ => Task.Run(async () =>
        {
            while (!await Attempt(async () => await UpdateAsync(silo, await ReadAsync())))
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        })));

        var table = await ReadAsync();
        Assert.Equal(20, table.Version.Version);
        Assert.Single(table.Members);
    }

    [ContractFact]
    public async Task A_sign_of_life_changes_the_time_alone()
    {
        var silo = Silo(SiloStatus.Active);
        await InsertAsync(silo, await ReadAsync());
        var before = await ReadAsync();
        Time.Advance(TimeSpan.FromSeconds(5));

        // No more than this is what Orleans sends.
        await Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = silo.SiloAddress, IAmAliveTime = Now }, default);

        var after = await ReadAsync();
        silo.IAmAliveTime = Now;
        AssertSame(silo, Assert.Single(after.Members).Item1);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(Etag(before, silo), Etag(after, silo));
        Assert.True(await UpdateAsync(silo, before));
    }

    [ContractFact]
    public async Task Cleaning_up_forgets_the_old_dead_and_nobody_else()
    {
        var oldDead = Silo(SiloStatus.Dead);
        var oldActive = Silo(SiloStatus.Active);
        await InsertAsync(oldDead, await ReadAsync());
        await InsertAsync(oldActive, await ReadAsync());
        Time.Advance(TimeSpan.FromDays(10));
        var newDead = Silo(SiloStatus.Dead);
        await InsertAsync(newDead, await ReadAsync());

        await Table.CleanupDefunctSiloEntriesAsync(Time.GetUtcNow().AddDays(-7), default);

        var table = await ReadAsync();
        var left = table.Members.Select(member => member.Item1.SiloAddress.Generation).Order();
        Assert.Equal([oldActive.SiloAddress.Generation, newDead.SiloAddress.Generation], left);
        Assert.True(table.Version.Version >= 3, $"the version went back to {table.Version.Version}");
    }

    /// <summary>A table that nobody has used yet.</summary>
    protected abstract Task<IMembershipTable> CreateAsync();

    protected Task<MembershipTableData> ReadAsync() => Table.ReadAllAsync(default);

    protected Task<bool> InsertAsync(MembershipEntry silo, MembershipTableData seen) => Table.InsertRowAsync(silo, seen.Version.Next(), default);

    protected Task<bool> UpdateAsync(MembershipEntry silo, MembershipTableData seen) =>
        Table.UpdateRowAsync(silo, Etag(seen, silo), seen.Version.Next(), default);

    protected static string Etag(MembershipTableData table, MembershipEntry silo) => table.TryGet(silo.SiloAddress)!.Item2;

    /// <summary>Another silo with every call.</summary>
    protected MembershipEntry Silo(SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 12345, Interlocked.Increment(ref _generation)),
        Status = status,
        ProxyPort = 30000,
        HostName = "box",
        SiloName = "worker ä",
        StartTime = Now,
        IAmAliveTime = Now,
    };

    /// <summary>A table may also refuse a change that lost a race with an exception.</summary>
    private static async Task<bool> Attempt(Func<Task<bool>> change)
    {
        try
        {
            return await change();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return false;
        }
    }

    private static void AssertSame(MembershipEntry expected, MembershipEntry actual)
    {
        Assert.Equal(expected.SiloAddress, actual.SiloAddress);
        Assert.Equal((expected.Status, expected.ProxyPort, expected.HostName, expected.SiloName), (actual.Status, actual.ProxyPort, actual.HostName, actual.SiloName));
        Assert.Equal(expected.SuspectTimes ?? [], actual.SuspectTimes ?? []);
        Assert.Equal(expected.StartTime, actual.StartTime);
        Assert.Equal(expected.IAmAliveTime, actual.IAmAliveTime);
    }
}
