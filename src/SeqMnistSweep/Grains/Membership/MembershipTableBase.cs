namespace SeqMnistSweep.Grains.Membership;

/// <summary>A membership table by the cancellable names that Orleans 10.4 brought; those that it replaces, which the interface still asks
/// for, lead there.</summary>
public abstract class MembershipTableBase : IMembershipTable
{
    /// <inheritdoc/>
    public abstract Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken);

    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion)
        => InitializeMembershipTableAsync(tryInitTableVersion, default);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId, default);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate, default);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key, default);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync(default);

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion, default);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
        => UpdateRowAsync(entry, etag, tableVersion, default);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry, default);
}
