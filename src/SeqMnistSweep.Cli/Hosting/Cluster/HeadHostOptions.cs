using System.Net;
using SeqMnistSweep.Cli.Hosting.Membership;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>Where a head listens; a port of 0 takes a free one.</summary>
internal sealed record HeadHostOptions
{
    public required ListenAddress Listen { get; init; }

    public MembershipChoice Membership { get; init; } = MembershipChoice.Parse("head");

    public int HttpPort { get; init; } = 8080;

    public int SiloPort { get; init; } = 11111;

    public int GatewayPort { get; init; } = 30000;

    /// <summary>Reads the environment, for the place of the head's file.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <exception cref="Console.CommandError">One is taken.</exception>
    public (int Http, int Silo, int Gateway) Claim() =>
        (Claim(HttpPort, "--http-port"), Claim(SiloPort, "--silo-port"), Claim(GatewayPort, "--gateway-port"));

    public HeadAddresses Addresses((int Http, int Silo, int Gateway) ports) => new(
        new Uri($"http://{new IPEndPoint(Listen.Advertised, ports.Http)}"),
        new IPEndPoint(Listen.Advertised, ports.Silo),
        new IPEndPoint(Listen.Advertised, ports.Gateway),
        Membership.ToString()!);

    private int Claim(int port, string option)
    {
        if (port == 0) return Ports.Free(Listen.Bind);

        Ports.Require(Listen.Bind, port, option);
        return port;
    }
}
