using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The file by which the programs of a head's own account find it and are let in; gone with the head.</summary>
internal sealed class HeadPresence : IDisposable
{
    private readonly string _path;
    private readonly ITimer _renewal;

    private HeadPresence(string path, ITimer renewal) => (_path, _renewal) = (path, renewal);

    /// <summary>Before the head answers, so that nobody finds it without its file.</summary>
    /// <param name="variable">Reads the environment.</param>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static HeadPresence Show(
        HeadAddresses at, Credentials credentials, HeadIdentity identity, Func<string, string?> variable, TimeProvider time)
    {
        var path = File(at, credentials, identity).Write(HeadFile.PathsOf(at.Http.Port, variable, Environment.MachineName));
        var half = identity.Lives.Client / 2;
        return new HeadPresence(path, time.CreateTimer(_ => Rewrite(path, File(at, credentials, identity)), null, half, half));
    }

    public void Dispose()
    {
        _renewal.Dispose();

        // Another head may have taken the port, and the place, meanwhile.
        if (HeadFile.Find([_path])?.Pid == Environment.ProcessId)
        {
            System.IO.File.Delete(_path);
        }
    }

    private static HeadFile File(HeadAddresses at, Credentials credentials, HeadIdentity identity)
    {
        var authority = identity.Authority;
        using var certificate = identity.IssueClient(CertificateRole.Admin, CredentialName.From(Credentials.Account));
        return new HeadFile(
            at.Http.GetLeftPart(UriPartial.Authority), at.Gateway.ToString(), authority.Certificate.ExportCertificatePem(), authority.Pin,
            credentials.AdminToken, ClusterCertificate.ToPem(certificate), Environment.ProcessId);
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
