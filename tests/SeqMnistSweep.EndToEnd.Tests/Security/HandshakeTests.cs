using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S2, S3, S9: what the silo port and the gateway of a running head do with strangers.</summary>
public sealed class HandshakeTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task S2_S3_Only_certificates_of_the_right_role_and_authority_get_into_silo_and_gateway()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        using var authority = ClusterAuthority.Open(Path.Combine(fleet.Folder("head"), ".seqsweep", "pki"), Now);
        using var foreign = ClusterAuthority.Create(Now);
        using var worker = authority.Issue(CertificateRole.Worker, "w", Hour, Now);
        using var admin = authority.Issue(CertificateRole.Admin, "ada", Hour, Now);
        using var expired = authority.Issue(CertificateRole.Admin, "ada", TimeSpan.FromSeconds(-1), Now);
        using var stranger = foreign.Issue(CertificateRole.Admin, "ada", Hour, Now);
        using var twofold = Twofold(Path.Combine(fleet.Folder("head"), ".seqsweep", "pki", "ca.pem"));
        var (silo, gateway) = (fleet.Ports[1], fleet.Ports[2]);

        Assert.True(await IsLetInAsync(gateway, admin));
        Assert.True(await IsLetInAsync(silo, worker));
        foreach (var (port, certificate, who) in ((int, X509Certificate2?, string)[])
        [
            (gateway, worker, "a worker"), (gateway, stranger, "another authority"), (gateway, expired, "an expired certificate"), (gateway, twofold, "two roles"),
            (gateway, null, "no certificate"), (silo, admin, "an admin"), (silo, stranger, "another authority"), (silo, null, "no certificate"),
        ])
        {
            Assert.False(await IsLetInAsync(port, certificate), $"{who} at port {port}");
        }

        await fleet.UntilAsync(() => fleet.Head.Error.Contains("to the gateway port was refused", StringComparison.Ordinal), "the word of the refusal");
        (await fleet.ClientAsync("workers")).Expect(0);
    }

    [Fact]
    public async Task S9_Two_thousand_silent_connections_to_each_port_stop_nobody()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        var silent = new List<Socket>();
        try
        {
            foreach (var port in fleet.Ports)
            {
                for (var i = 0; i < 2000; i++)
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    silent.Add(socket);
                    await socket.ConnectAsync(IPAddress.Loopback, port);
                }

                (await fleet.ClientAsync("health", "--ready", "--timeout", "30s")).Expect(0);
            }

            // Those who say nothing are shown the door.
            foreach (var socket in silent.Skip(2000).Take(100).Concat(silent.Skip(4000).Take(100)))
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
                Assert.Equal(0, await ReceiveAsync(socket, patience.Token));
            }

            (await fleet.ClientAsync("workers")).Expect(0);
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>A client that a careless authority would have certified: its name brings a second role.</summary>
    private static X509Certificate2 Twofold(string authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signer = X509Certificate2.CreateFromPemFile(authority, authority);
        var request = new CertificateRequest("CN=x, OU=operator, OU=worker", key, HashAlgorithmName.SHA256);
        using var signed = request.Create(signer, Now, Now + Hour, [1]);
        using var certificate = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Whether a port keeps a connection that was made with a certificate: who is refused reads its end.</summary>
    private static async Task<bool> IsLetInAsync(int port, X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(client.GetStream());
        try
        {
#pragma warning disable CA5359 // The test asks what the other side thinks.
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = ClusterAuthority.HostName,
                ClientCertificates = certificate is null ? null : [certificate],
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
#pragma warning restore CA5359
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            return await tls.ReadAsync(new byte[1], patience.Token) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception error) when (error is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], cancellation);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
