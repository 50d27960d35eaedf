using System.Net;
using System.Net.Sockets;

namespace SeqMnistSweep.Head.Tests.Membership;

public sealed class MembershipSweepTests : IDisposable
{
    private readonly TableRig _rig = new(TimeProvider.System);
    private readonly TcpListener _living = new(IPAddress.Loopback, 0);

    public MembershipSweepTests() => _living.Start();

    public void Dispose()
    {
        _living.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task Silos_that_do_not_answer_are_dead_and_those_that_do_are_left_alone()
    {
        var closed = ClosedPort();
        var gone = await AddAsync(SiloAddress.New(closed, 1), SiloStatus.Active);
        var joining = await AddAsync(SiloAddress.New(closed, 2), SiloStatus.Joining);
        var stopping = await AddAsync(SiloAddress.New(closed, 3), SiloStatus.ShuttingDown);
        var living = await AddAsync(SiloAddress.New((IPEndPoint)_living.LocalEndpoint, 1), SiloStatus.Active);
        var before = await _rig.Table.ReadAllAsync(default);

        await _rig.Table.InitializeMembershipTableAsync(true, default);

        var table = await _rig.Table.ReadAllAsync(default);
        Assert.All([gone, joining, stopping], silo => Assert.Equal(SiloStatus.Dead, table.TryGet(silo)!.Item1.Status));
        Assert.Equal(_rig.Self, Assert.Single(table.TryGet(gone)!.Item1.SuspectTimes!).Item1);
        Assert.Equal(SiloStatus.Active, table.TryGet(living)!.Item1.Status);
        Assert.Equal(before.TryGet(living)!.Item2, table.TryGet(living)!.Item2);
        Assert.True(table.Version.Version > before.Version.Version);
    }

    [Fact]
    public async Task Other_starts_of_the_heads_own_address_are_over_even_where_something_answers_and_even_newer_ones()
    {
        var address = (IPEndPoint)_living.LocalEndpoint;
        using var rig = new TableRig(TimeProvider.System, SiloAddress.New(address, 5));
        var older = await AddAsync(SiloAddress.New(address, 4), SiloStatus.Active, rig);
        var newer = await AddAsync(SiloAddress.New(address, 6), SiloStatus.Active, rig);
        var self = await AddAsync(rig.Self, SiloStatus.Joining, rig);

        await rig.Sweep.RunAsync(rig.Self, default);

        var table = await rig.Table.ReadAllAsync(default);
        Assert.Equal(SiloStatus.Dead, table.TryGet(older)!.Item1.Status);
        Assert.Equal(SiloStatus.Dead, table.TryGet(newer)!.Item1.Status);
        Assert.Equal(SiloStatus.Joining, table.TryGet(self)!.Item1.Status);
    }

    [Fact]
    public async Task Who_is_dead_already_is_not_changed()
    {
        await AddAsync(SiloAddress.New(ClosedPort(), 1), SiloStatus.Dead);
        var before = await _rig.Table.ReadAllAsync(default);

        await _rig.Sweep.RunAsync(_rig.Self, default);

        Assert.Equal(before.Version, (await _rig.Table.ReadAllAsync(default)).Version);
    }

    [Fact]
    public async Task An_address_from_which_nothing_comes_back_is_given_up_after_half_a_second()
    {
        // A listener whose queue is full: the system drops further attempts without a word, as a machine does that is off.
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        var address = (IPEndPoint)full.LocalEndPoint!;
        var waiting = await FillAsync(address);
        var silo = await AddAsync(SiloAddress.New(address, 1), SiloStatus.Active);

        await _rig.Sweep.RunAsync(_rig.Self, default).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(SiloStatus.Dead, (await _rig.Table.ReadAllAsync(default)).TryGet(silo)!.Item1.Status);
        waiting.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task A_table_that_changes_meanwhile_is_swept_all_the_same()
    {
        var closed = ClosedPort();
        for (var i = 1; i <= 20; i++)
        {
            await AddAsync(SiloAddress.New(closed, i), SiloStatus.Active);
        }

        var sweep = _rig.Sweep.RunAsync(_rig.Self, default);
        var living = new List<SiloAddress>();
        for (var i = 1; i <= 20; i++)
        {
            living.Add(await AddAsync(SiloAddress.New((IPEndPoint)_living.LocalEndpoint, i), SiloStatus.Active));
        }

        await sweep.WaitAsync(TimeSpan.FromSeconds(30));

        var table = await _rig.Table.ReadAllAsync(default);
        Assert.Equal(20, table.Members.Count(member => member.Item1.Status == SiloStatus.Dead));
        Assert.All(living, silo => Assert.Equal(SiloStatus.Active, table.TryGet(silo)!.Item1.Status));
    }

    private async Task<SiloAddress> AddAsync(SiloAddress silo, SiloStatus status, TableRig? rig = null)
    {
        var table = (rig ?? _rig).Table;
        var entry = new MembershipEntry { SiloAddress = silo, Status = status, HostName = "box", SiloName = "w", StartTime = DateTime.UnixEpoch };
        while (!await table.InsertRowAsync(entry, (await table.ReadAllAsync(default)).Version.Next(), default))
        {
        }

        return silo;
    }

    private static IPEndPoint ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static async Task<List<Socket>> FillAsync(IPEndPoint address)
    {
        var sockets = new List<Socket>();
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(0.3), TimeProvider.System);
            try
            {
                await socket.ConnectAsync(address, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return sockets;
            }
        }
    }
}
