using System.Net;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Cli.Hosting.Membership;
using SeqMnistSweep.Head.Admission;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>Where a head listens; a port of 0 takes a free one.</summary>
internal sealed record HeadHostOptions
{
    public required ListenAddress Listen { get; init; }

    public MembershipChoice Membership { get; init; } = MembershipChoice.Parse("head");

    /// <summary>Whether the network is trusted: then nothing is encrypted but the gateway, and HTTP asks nobody who they are.</summary>
    public bool Insecure { get; init; }

    public CertificateLives Lives { get; init; } = CertificateLives.Usual;

    /// <summary>For HTTPS in place of the cluster's own; null takes that.</summary>
    public X509Certificate2? HttpCertificate { get; init; }

    /// <summary>Within one machine browsers would warn of a certificate that protects from nobody.</summary>
    public bool IsHttps => !Insecure && !Listen.IsLoopback;

    public int HttpPort { get; init; } = 8080;

    public int SiloPort { get; init; } = 11111;

    public int GatewayPort { get; init; } = 30000;

    /// <summary>Reads the environment, for the place of the head's file.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <exception cref="Console.CommandError">One is taken.</exception>
    public (int Http, int Silo, int Gateway) Claim() =>
        (Claim(HttpPort, "--http-port"), Claim(SiloPort, "--silo-port"), Claim(GatewayPort, "--gateway-port"));

    public HeadAddresses Addresses((int Http, int Silo, int Gateway) ports) => new(
        new Uri($"{(IsHttps ? "https" : "http")}://{new IPEndPoint(Listen.Advertised, ports.Http)}"),
        new IPEndPoint(Listen.Advertised, ports.Silo),
        new IPEndPoint(Listen.Advertised, ports.Gateway),
        Membership.ToString()!);

    /// <summary>What browsers may call this head by.</summary>
    public IReadOnlyCollection<string> HostNames(IEnumerable<string> allowed) =>
        ["localhost", Environment.MachineName, Listen.Advertised.ToString(), IPAddress.Loopback.ToString(), .. allowed];

    private int Claim(int port, string option)
    {
        if (port == 0) return Ports.Free(Listen.Bind);

        Ports.Require(Listen.Bind, port, option);
        return port;
    }
}
