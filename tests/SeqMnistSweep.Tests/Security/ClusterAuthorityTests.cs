using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Files;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Tests.Security;

[UnsupportedOSPlatform("windows")]
public sealed class ClusterAuthorityTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(CertificateRole.Head)]
    [InlineData(CertificateRole.Worker)]
    [InlineData(CertificateRole.Operator)]
    [InlineData(CertificateRole.Admin)]
    public void A_certificate_has_the_role_and_the_name_that_it_was_issued_for(CertificateRole role)
    {
        using var authority = ClusterAuthority.Create(Now);
        using var certificate = authority.Issue(role, "gpu-0", Day, Now);

        Assert.All(Enum.GetValues<CertificateRole>(), other =>
            Assert.Equal(other == role, ClusterCertificate.IsOf(certificate, authority.Certificate, other)));
        Assert.Equal("gpu-0", ClusterCertificate.NameOf(certificate));
        Assert.True(certificate.HasPrivateKey);
    }

    [Fact]
    public void A_foreign_authority_an_expired_certificate_and_none_at_all_are_refused()
    {
        using var authority = ClusterAuthority.Create(Now);
        using var other = ClusterAuthority.Create(Now);
        using var foreign = other.Issue(CertificateRole.Worker, "w", Day, Now);
        using var expired = authority.Issue(CertificateRole.Worker, "w", TimeSpan.FromSeconds(-1), Now);

        Assert.False(ClusterCertificate.IsOf(foreign, authority.Certificate, CertificateRole.Worker));
        Assert.False(ClusterCertificate.IsOf(expired, authority.Certificate, CertificateRole.Worker));
        Assert.False(ClusterCertificate.IsOf(null, authority.Certificate, CertificateRole.Worker));
        Assert.False(ClusterCertificate.IsOf(authority.Certificate, authority.Certificate, CertificateRole.Head, CertificateRole.Admin));
    }

    [Theory]
    [InlineData("x, OU=operator")]
    [InlineData("x+OU=operator")]
    [InlineData("x/../y")]
    [InlineData("x\ny")]
    [InlineData("x\0y")]
    [InlineData(" x")]
    [InlineData("..")]
    [InlineData("")]
    public void A_name_that_could_be_read_as_more_is_refused(string name)
    {
        using var authority = ClusterAuthority.Create(Now);

        Assert.Throws<ArgumentException>(() => authority.Issue(CertificateRole.Worker, name, Day, Now));
        Assert.True(CredentialName.IsValid(CredentialName.From(name)));
    }

    /// <summary>Such a subject is what a careless authority would sign.</summary>
    [Fact]
    public void Two_roles_in_one_subject_are_none()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var twice = new CertificateRequest("CN=x, OU=operator, OU=worker", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now + Day);
        using var hidden = new CertificateRequest("CN=\"x, OU=operator\", OU=worker", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now + Day);
        using var joint = new CertificateRequest("CN=x + OU=operator", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now + Day);

        Assert.Null(ClusterCertificate.RoleOf(twice));
        Assert.Equal(CertificateRole.Worker, ClusterCertificate.RoleOf(hidden));
        Assert.Null(ClusterCertificate.RoleOf(joint));
    }

    [Fact]
    public void A_worker_gets_a_certificate_for_a_key_that_it_keeps()
    {
        using var authority = ClusterAuthority.Create(Now);
        using var mine = new KeyRequest();
        using var other = new KeyRequest();
        using var signed = authority.Sign(KeyRequest.Read(mine.ToPem()), CertificateRole.Worker, "w", Day, Now);

        using var complete = mine.With(signed.ExportCertificatePem());
        Assert.True(complete.HasPrivateKey);
        Assert.True(ClusterCertificate.IsOf(complete, authority.Certificate, CertificateRole.Worker));
        Assert.ThrowsAny<Exception>(() => other.With(signed.ExportCertificatePem()));
        Assert.Throws<FormatException>(() => KeyRequest.Read("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"));
        Assert.Throws<FormatException>(() => KeyRequest.Read(""));
    }

    [Fact]
    public void Only_a_key_of_the_usual_kind_is_certified()
    {
        using var rsa = RSA.Create(1024);
        var request = new CertificateRequest("", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

        Assert.Throws<FormatException>(() => KeyRequest.Read(request));
    }

    [Fact]
    public void An_authority_is_kept_in_a_folder_that_nobody_else_can_read()
    {
        using var folder = new TemporaryFolder();
        using var first = ClusterAuthority.Open(folder["pki"], Now);
        using var again = ClusterAuthority.Open(folder["pki"], Now);

        Assert.Equal(first.Pin, again.Pin);
        Assert.Equal(64, first.Pin.Length);
        using var certificate = again.Issue(CertificateRole.Head, "h", Day, Now);
        Assert.True(ClusterCertificate.IsOf(certificate, first.Certificate, CertificateRole.Head));
        Assert.Equal(PrivateFile.FolderMode, File.GetUnixFileMode(folder["pki"]));
        Assert.All(Directory.GetFiles(folder["pki"]), file => Assert.Equal(PrivateFile.FileMode, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_certificate_with_its_key_survives_as_text()
    {
        using var authority = ClusterAuthority.Create(Now);
        using var certificate = authority.Issue(CertificateRole.Admin, "alice@lab", Day, Now);
        var text = ClusterCertificate.ToPem(certificate);

        using var read = ClusterCertificate.WithKey(text, text);

        Assert.True(read.HasPrivateKey);
        Assert.Equal("alice@lab", ClusterCertificate.NameOf(read));
        Assert.Equal(Now.AddHours(12), ClusterCertificate.RenewalOf(read, Now), TimeSpan.FromSeconds(1));
    }
}
