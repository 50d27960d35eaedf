using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SeqMnistSweep.Cli.Hosting.Tls;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>The TLS of a head's ports.</summary>
internal static class HeadTls
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <param name="identity">Is disposed with the services.</param>
    public static void AddHeadTls(this IServiceCollection services, HeadIdentity identity)
    {
        services.AddSingleton(_ => identity);
        services.AddSingleton(provider =>
        {
            var workers = provider.GetRequiredService<WorkerCredentials>();
            var open = new ConnectionRegister(workers.IsRevoked);
            workers.Revoked += open.EndRevoked;
            return open;
        });
        services.AddSingleton(provider => new ClusterTls(
            () => identity.Certificate, identity.Authority.Certificate, provider.GetRequiredService<ILogger<ClusterTls>>(),
            provider.GetRequiredService<ConnectionRegister>()));
    }

    public static void OnHttp(ListenOptions listen, HeadHostOptions options, HeadIdentity identity)
    {
        if (!options.IsHttps) return;

        listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => options.HttpCertificate ?? identity.Certificate;
            https.HandshakeTimeout = HandshakeTimeout;

            // Workers show theirs; a browser has none.
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (certificate, _, _) =>
                ClusterCertificate.IsOf(certificate, identity.Authority.Certificate, CertificateRole.Worker);
        });
    }
}
