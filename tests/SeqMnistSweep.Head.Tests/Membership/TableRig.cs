using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SeqMnistSweep.Head.Membership;
using SeqMnistSweep.Results;
using SeqMnistSweep.Results.Membership;
using SeqMnistSweep.Results.Writing;

namespace SeqMnistSweep.Head.Tests.Membership;

/// <summary>A head's membership table on a database in a temporary folder.</summary>
internal sealed class TableRig : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seqsweep-members-");
    private readonly ResultDatabase _database;
    private readonly ResultWriter _writer;

    public TableRig(TimeProvider time, SiloAddress? self = null)
    {
        Self = self ?? SiloAddress.New(IPAddress.Loopback, 11111, 7);
        _database = ResultDatabase.Open(Path.Combine(_folder.FullName, "sweeps.db"), TimeProvider.System);
        _writer = new ResultWriter(_database);
        Store = new MembershipStore(_writer, _database.Path, time);
        Sweep = new MembershipSweep(Store, TimeProvider.System, NullLogger<MembershipSweep>.Instance);
        Table = new HeadMembershipTable(Store, Sweep, Self, time);
    }

    public SiloAddress Self { get; }

    public MembershipStore Store { get; }

    public MembershipSweep Sweep { get; }

    public HeadMembershipTable Table { get; }

    public void Dispose()
    {
        Store.Dispose();
        _writer.Dispose();
        _database.Dispose();
        _folder.Delete(recursive: true);
    }
}
