using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Tls;

/// <summary>Mutual TLS on Orleans' connections: who may connect is told by the role in the certificate, which the cluster's own authority
/// must have signed.</summary>
/// <param name="mine">Asked at every handshake, so that a renewed certificate needs no restart.</param>
internal sealed class ClusterTls(
    Func<X509Certificate2> mine, X509Certificate2 authority, ILogger<ClusterTls> logger, ConnectionRegister? register = null)
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    private readonly RefusalLog _refusals = new(logger);

    /// <summary>For whoever connects to us.</summary>
    public void Accept(IConnectionBuilder connections, string port, params CertificateRole[] roles)
    {
        connections.Use(next => connection => _refusals.WatchAsync(connection, port, next));
        connections.UseServerTls(Options(roles));
        connections.Use(next => connection => AdmittedAsync(connection, next));
    }

    /// <summary>For those to whom we connect.</summary>
    public void Connect(IConnectionBuilder connections, params CertificateRole[] roles)
    {
        connections.UseClientTls(Options(roles));
        connections.Use(next => connection => AdmittedAsync(connection, next));
    }

    /// <summary>Between the silos of head and workers.</summary>
    public static void Between(ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClusterTls>(
        (options, tls) =>
        {
            options.ConfigureSiloInboundConnection(connections => tls.Accept(
                connections, "silo", CertificateRole.Head, CertificateRole.Worker));
            options.ConfigureSiloOutboundConnection(connections => tls.Connect(connections, CertificateRole.Head, CertificateRole.Worker));
        });

    /// <summary>On the head's gateway, for clients that may steer the cluster.</summary>
    public static void OnGateway(ISiloBuilder silo) => silo.Services.AddOptions<SiloConnectionOptions>().Configure<ClusterTls>(
        (options, tls) => options.ConfigureGatewayInboundConnection(connections => tls.Accept(
            connections, "gateway", CertificateRole.Operator, CertificateRole.Admin)));

    private async Task AdmittedAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        RefusalLog.Admit();
        using var kept = connection.Features.Get<ITlsConnectionFeature>()?.RemoteCertificate is { } peer
            ? register?.Keep(peer, connection)
            : null;
        await next(connection);
    }

    private TlsOptions Options(CertificateRole[] roles) => new()
    {
        // Without it outgoing connections are refused, whatever the selector gives.
        LocalCertificate = mine(),
        LocalServerCertificateSelector = (_, _) => mine(),
        LocalClientCertificateSelector = (_, _, _, _, _) => mine(),
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, _, _) => IsWelcome(certificate, roles),
        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        HandshakeTimeout = HandshakeTimeout,
        OnAuthenticateAsClient = (_, options) => options.TargetHost = ClusterAuthority.HostName,
    };

    private bool IsWelcome(X509Certificate2? certificate, CertificateRole[] roles)
    {
        if (ClusterCertificate.IsOf(certificate, authority, roles) && register?.IsRevoked(certificate!.SerialNumber) != true) return true;

        RefusalLog.Because(
            certificate is null ? "it showed no certificate" : $"the certificate of {certificate.Subject} is not welcome here");
        return false;
    }
}
