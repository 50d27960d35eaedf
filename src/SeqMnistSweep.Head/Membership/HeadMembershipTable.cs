using System.Text.Json;
using SeqMnistSweep.Grains.Membership;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Membership;

namespace SeqMnistSweep.Head.Membership;

/// <summary>The cluster's membership in the head's database. Liveness goes by the head's clock alone; see
/// <see cref="SiloLiveness"/>.</summary>
/// <param name="self">The head's own silo, with the generation of this start.</param>
internal sealed class HeadMembershipTable(MembershipStore store, MembershipSweep sweep, SiloAddress self, TimeProvider time)
    : MembershipTableBase
{
    /// <summary>The head that keeps the table.</summary>
    public SiloAddress Self => self;

    /// <summary>Sweeps first: a silo that starts must reach every row that is not dead, and after a power loss none of them
    /// answers.</summary>
    public override Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken) =>
        sweep.RunAsync(self, cancellationToken);

    public override Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult(Read(null).ToOrleans());

    public override Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken) =>
        Task.FromResult(Read(key.ToParsableString()).ToOrleans());

    public override Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken) =>
        InsertAsync(entry, Number(tableVersion.VersionEtag));

    public override Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion,
        CancellationToken cancellationToken) => UpdateAsync(entry, Number(etag), Number(tableVersion.VersionEtag));

    public override Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken)
    {
        MarkAlive(entry.SiloAddress);
        return Task.CompletedTask;
    }

    public override Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken)
    {
        var defunct = store.Read().Rows.Where(row => SiloLiveness.IsDefunct(Entry(row), row.Alive, beforeDate))
            .Select(row => (row.Silo, row.Etag)).ToList();
        return defunct.Count == 0 ? Task.CompletedTask : store.DeleteAsync(defunct);
    }

    /// <remarks>The database belongs to one cluster, so that <paramref name="clusterId"/> selects nothing. The version stays: it never goes
    /// back.</remarks>
    public override Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken) =>
        store.DeleteAsync([.. store.Read().Rows.Select(row => (row.Silo, row.Etag))]);

    /// <param name="silo">In parsable form; null for all.</param>
    public MemberTable Read(string? silo)
    {
        var snapshot = store.Read();
        return new MemberTable(snapshot.Version, [.. snapshot.Rows
            .Where(row => silo is null || row.Silo == silo)
            .Select(row => new MemberItem(row.Etag, Entry(row) with { AliveTime = row.Alive.UtcDateTime }))]);
    }

    public Task<bool> InsertAsync(MembershipEntry entry, long expected)
    {
        var now = time.GetUtcNow();
        var added = Stored(entry, now);
        return store.InsertAsync(added.Silo, added.ToJson(), now, expected);
    }

    public async Task<bool> UpdateAsync(MembershipEntry entry, long etag, long expected)
    {
        var now = time.GetUtcNow();
        var changed = Stored(entry, now);
        if (store.Read().Rows.FirstOrDefault(row => row.Silo == changed.Silo && row.Etag == etag) is not { } row)
        {
            return false;
        }

        var alive = SiloLiveness.AfterUpdate(Entry(row).Status, entry.Status, row.Alive, now);
        return await store.UpdateAsync([new MemberRow(row.Silo, etag, changed.ToJson(), alive)], expected);
    }

    public void MarkAlive(SiloAddress silo) => store.MarkAlive(silo.ToParsableString(), time.GetUtcNow());

    /// <exception cref="DatabaseException">The entry is damaged.</exception>
    internal static MemberEntry Entry(MemberRow row)
    {
        try
        {
            return MemberEntry.FromJson(row.Entry);
        }
        catch (JsonException error)
        {
            throw new DatabaseException(
                $"the membership row of {row.Silo} is damaged: {error.Message}", "delete it from the table member while no head runs",
                error);
        }
    }

    private static MemberEntry Stored(MembershipEntry entry, DateTimeOffset now)
    {
        var stored = MemberEntry.From(entry);
        return stored with { StartTime = SiloLiveness.Start(stored.StartTime, now) };
    }

    /// <summary>An etag that no table of ours gave matches nothing.</summary>
    private static long Number(string? etag) =>
        long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
