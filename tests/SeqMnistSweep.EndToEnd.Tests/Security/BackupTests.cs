using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Data.Sqlite;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S10: readers of a backup that do not read, and a head that is killed meanwhile.</summary>
public sealed class BackupTests
{
    private const int Megabyte = 1 << 20;

    [Fact]
    public async Task S10_Slow_readers_hold_one_copy_and_none_stays_when_the_head_is_killed()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        var state = Path.GetDirectoryName(fleet.Reader.Path)!;
        AddBallast(fleet.Reader.Path, 60);
        var token = await fleet.TokenAsync();
        var names = Names(state);

        using var first = await AskAsync(fleet, token);
        Assert.StartsWith("HTTP/1.1 200", await StatusAsync(first), StringComparison.Ordinal);
        for (var i = 0; i < 11; i++)
        {
            using var later = await AskAsync(fleet, token);
            Assert.StartsWith("HTTP/1.1 503", await StatusAsync(later), StringComparison.Ordinal);
        }

        Assert.Equal(names, Names(state));
        fleet.Head.Signal("KILL");
        await fleet.Head.EndAsync();
        Assert.Equal(names, Names(state));
    }

    [Fact]
    public async Task S10_A_copy_that_a_killed_head_was_making_is_gone_when_it_starts_again()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        var state = Path.GetDirectoryName(fleet.Reader.Path)!;
        AddBallast(fleet.Reader.Path, 300);
        var names = Names(state);
        using var reader = await AskAsync(fleet, await fleet.TokenAsync());
        await fleet.UntilAsync(() => !names.SequenceEqual(Names(state)), "a copy that is being made");
        fleet.Head.Signal("KILL");
        await fleet.Head.EndAsync();

        await fleet.StartHeadAsync();

        Assert.Equal(names, Names(state));
    }

    private static List<string> Names(string folder) =>
        [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Where(name => name.StartsWith("sweeps.db", StringComparison.Ordinal)).Order()];

    private static void AddBallast(string database, int megabytes)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            create table ballast(x blob);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < {megabytes}) insert into ballast select randomblob({Megabyte}) from n
            """;
        command.ExecuteNonQuery();
    }

    /// <summary>Asks for a backup over a connection that takes almost nothing.</summary>
    private static async Task<Socket> AskAsync(Fleet fleet, string token)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, fleet.Ports[0]);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /api/v1/backup HTTP/1.1\r\nHost: 127.0.0.1:{fleet.Ports[0]}\r\nAuthorization: Bearer {token}\r\n\r\n"));
        return socket;
    }

    private static async Task<string> StatusAsync(Socket socket)
    {
        var buffer = new byte[12];
        for (var read = 0; read < buffer.Length;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read));
            Assert.NotEqual(0, more);
            read += more;
        }

        return Encoding.ASCII.GetString(buffer);
    }
}
