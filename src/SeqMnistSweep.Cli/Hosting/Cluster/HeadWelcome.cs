using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>What a head tells whoever started it: who gets in, and how.</summary>
internal static class HeadWelcome
{
    private static readonly TimeSpan LineHolds = TimeSpan.FromMinutes(30);

    /// <param name="isSeen">Whether a person reads it; a log is no place for a secret.</param>
    public static async Task<string?> TextAsync(HeadHost head, HeadHostOptions options, bool isSeen)
    {
        if (options.Insecure) return "  --insecure: everybody who reaches these ports can steer this head and run code on its workers";

        if (!options.IsHttps) return null;

        if (!isSeen) return "  a worker elsewhere joins by a line: seqsweep join-line";

        var secret = await head.Services.GetRequiredService<WorkerCredentials>().CreateJoinSecretAsync(LineHolds, Credentials.Account);
        var line = new JoinLine(head.Addresses.Http, head.Services.GetRequiredService<HeadIdentity>().Authority.Pin, secret);
        return $"  a worker elsewhere: seqsweep worker --join {line}   "
            + $"({LineHolds.TotalMinutes:0} min, any number; more: seqsweep join-line)";
    }
}
