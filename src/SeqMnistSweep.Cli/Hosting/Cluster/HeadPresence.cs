using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The file by which the programs of a head's own account find it and are let in; gone with the head.</summary>
internal sealed class HeadPresence : IDisposable
{
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(30);

    private readonly string _path;

    private HeadPresence(string path) => _path = path;

    /// <summary>Before the head answers, so that nobody finds it without its file.</summary>
    /// <param name="pki">The folder with the cluster's authority.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static HeadPresence Show(
        HeadAddresses at, Credentials credentials, string pki, Func<string, string?> variable, TimeProvider time)
    {
        var now = time.GetUtcNow();
        using var authority = ClusterAuthority.Open(pki, now);
        using var certificate = authority.Issue(
            CertificateRole.Admin, CredentialName.From(Credentials.Account), CertificateLife, now);
        var file = new HeadFile(
            at.Http.GetLeftPart(UriPartial.Authority), at.Gateway.ToString(), authority.Certificate.ExportCertificatePem(), authority.Pin,
            credentials.AdminToken, ClusterCertificate.ToPem(certificate), Environment.ProcessId);
        return new HeadPresence(file.Write(HeadFile.PathsOf(at.Http.Port, variable, Environment.MachineName)));
    }

    public void Dispose()
    {
        // Another head may have taken the port, and the place, meanwhile.
        if (HeadFile.Find([_path])?.Pid == Environment.ProcessId)
        {
            File.Delete(_path);
        }
    }
}
