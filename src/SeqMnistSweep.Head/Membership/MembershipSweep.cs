using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Grains.Membership;
using SeqMnistSweep.Results.Membership;

namespace SeqMnistSweep.Head.Membership;

/// <summary>Marks silos as dead that are gone when the head starts. Orleans would try to reach each of them for up to a quarter of a minute
/// before it lets the head in; after a power loss that is all of them.</summary>
internal sealed partial class MembershipSweep(MembershipStore store, TimeProvider time, ILogger<MembershipSweep> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    /// <summary>To be run before the head's silo joins.</summary>
    /// <param name="self">The silo that is about to start. Every other start of its address is over, whatever its number: the port is
    /// ours.</param>
    public async Task RunAsync(SiloAddress self, CancellationToken cancellation)
    {
        var gone = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var table = store.Read();
            var rows = table.Rows.Select(row => (Row: row, Entry: HeadMembershipTable.Entry(row))).Where(row => MayBeGone(row.Entry, self))
                .ToList();
            gone.UnionWith(await FindGoneAsync(rows.Select(row => row.Entry).Where(entry => seen.Add(entry.Silo)), self, cancellation));
            var dead = rows.Where(row => gone.Contains(row.Row.Silo)).Select(row => row.Row with { Entry = Dead(row.Entry, self).ToJson() })
                .ToList();

            // Workers that live write too: then the table is another one, and what was found out is applied to that.
            if (dead.Count == 0 || await store.UpdateAsync(dead, table.Version))
            {
                if (dead.Count > 0)
                {
                    LogSwept(dead.Count, string.Join(", ", dead.Select(row => row.Silo)));
                }

                return;
            }
        }
    }

    private static bool MayBeGone(MemberEntry entry, SiloAddress self) =>
        entry.Status != nameof(SiloStatus.Dead) && !MemberEntry.ParseSilo(entry.Silo).Equals(self);

    private async Task<IReadOnlyList<string>> FindGoneAsync(
        IEnumerable<MemberEntry> entries, SiloAddress self, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(entries.Select(async entry =>
        {
            var address = MemberEntry.ParseSilo(entry.Silo).Endpoint;
            return (entry.Silo, Answers: !address.Equals(self.Endpoint) && await AnswersAsync(address, cancellation));
        }));
        return [.. answers.Where(answer => !answer.Answers).Select(answer => answer.Silo)];
    }

    /// <remarks>Two tries side by side: a packet that is lost is sent again after a second only, and a living silo declared dead must start
    /// anew.</remarks>
    private async Task<bool> AnswersAsync(IPEndPoint address, CancellationToken cancellation) =>
        (await Task.WhenAll(ConnectsAsync(address, cancellation), ConnectsAsync(address, cancellation))).Contains(true);

    private async Task<bool> ConnectsAsync(IPEndPoint address, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, either.Token);
            return true;
        }
        catch (Exception error) when (
            error is SocketException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>With a vote, as Orleans does it: the row is then kept as long as a silo that died just now.</summary>
    private MemberEntry Dead(MemberEntry entry, SiloAddress self) => entry with
    {
        Status = nameof(SiloStatus.Dead),
        Suspects = [.. entry.Suspects ?? [], new MemberVote(self.ToParsableString(), time.GetUtcNow().UtcDateTime)],
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Silos of before are gone and were marked dead: {Count}, {Silos}.")]
    private partial void LogSwept(int count, string silos);
}
