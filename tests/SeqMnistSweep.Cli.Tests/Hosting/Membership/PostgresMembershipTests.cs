using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting.Membership;
using SeqMnistSweep.Head.Tests.Membership;

namespace SeqMnistSweep.Cli.Tests.Hosting.Membership;

[NeedsServer("initdb")]
public sealed class PostgresMembershipTests(PostgresServer server) : ServerMembershipContract, IClassFixture<PostgresServer>
{
    protected override Task<string> Address => server.Address;

    [ContractFact]
    public async Task Creating_the_tables_once_more_changes_nothing()
    {
        var place = MembershipChoice.Parse(await Address);
        await InsertAsync(Silo(), await ReadAsync());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => place.PrepareAsync(default)));

        Assert.Single((await ReadAsync()).Members);
    }

    [ContractFact]
    public async Task Tables_of_an_older_Orleans_get_the_query_that_they_lack_and_keep_the_others()
    {
        var place = MembershipChoice.Parse(await Address);
        await using var source = Npgsql.NpgsqlDataSource.Create((await Address).Replace("postgres://ada:any@127.0.0.1:", "Host=127.0.0.1;Username=ada;Port=").Replace("/", ";Database="));
        await using var older = source.CreateCommand("delete from OrleansQuery where QueryKey = 'CleanupDefunctSiloEntryKey'; update OrleansQuery set QueryText = QueryText || '-- theirs' where QueryKey = 'GatewaysQueryKey'");
        await older.ExecuteNonQueryAsync();

        await place.PrepareAsync(default);

        await using var queries = source.CreateCommand("select count(*) from OrleansQuery where QueryKey = 'CleanupDefunctSiloEntryKey' or QueryText like '%-- theirs'");
        Assert.Equal(2L, await queries.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_an_error_that_names_it_and_not_the_password()
    {
        var place = MembershipChoice.Parse($"postgres://ada:secret@127.0.0.1:{LocalPort.Free()}/sweeps");

        var error = await Assert.ThrowsAsync<CommandError>(() => place.PrepareAsync(default));

        Assert.Contains(place.ToString(), error.Message);
        Assert.DoesNotContain("secret", error.Message + error.Hint);
    }
}
