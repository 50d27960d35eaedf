using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Results;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The file by which the programs of an account find its head, or its run, and are let in; gone with it.</summary>
internal sealed class HeadPresence : IDisposable
{
    private readonly string _path;
    private readonly ITimer? _renewal;

    private HeadPresence(string path, ITimer? renewal) => (_path, _renewal) = (path, renewal);

    /// <summary>Before the head answers, so that nobody finds it without its file.</summary>
    /// <param name="identity">What its gateway is known by; null where it has none.</param>
    /// <param name="database">Where it lies.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static HeadPresence Show(
        HeadAddresses at, Credentials credentials, HeadIdentity? identity, string database, Func<string, string?> variable,
        TimeProvider time)
    {
        var path = File().Write(HeadFile.PathsOf(at.Http.Port, variable, Environment.MachineName));
        return new HeadPresence(
            path,
            identity is { Lives.Client: var life } ? time.CreateTimer(_ => Rewrite(path, File()), null, life / 2, life / 2) : null);

        HeadFile File() => new(at.Http.GetLeftPart(UriPartial.Authority), credentials.AdminToken, Environment.ProcessId)
        {
            Database = ResultDatabase.RealPathOf(database),
            Gateway = identity is null ? null : GatewayOf(at, identity),
            Version = ProgramVersion.Number,
        };
    }

    public void Dispose()
    {
        _renewal?.Dispose();

        // Another head may have taken the port, and the place, meanwhile.
        if (HeadFile.Find([_path])?.Pid == Environment.ProcessId)
        {
            System.IO.File.Delete(_path);
        }
    }

    private static HeadGateway GatewayOf(HeadAddresses at, HeadIdentity identity)
    {
        var authority = identity.Authority;
        using var certificate = identity.IssueClient(CertificateRole.Admin, CredentialName.From(Credentials.Account));
        return new HeadGateway(
            at.Gateway!.ToString(), authority.Certificate.ExportCertificatePem(), authority.Pin, ClusterCertificate.ToPem(certificate));
    }

    private static void Rewrite(string path, HeadFile file)
    {
        try
        {
            file.Write([path]);
        }
        catch (IOException)
        {
            // The one before holds for as long again; the next turn tries anew.
        }
    }
}
