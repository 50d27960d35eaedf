using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Results.Certificates;

namespace SeqMnistSweep.Head.Admission;

/// <summary>Lets workers into the cluster of a head.</summary>
public static class AdmissionSetup
{
    /// <summary>Needs a <see cref="HeadIdentity"/>.</summary>
    /// <param name="asksWorkers">Whether a call must show who makes it; false where the network is trusted.</param>
    public static IServiceCollection AddAdmission(this IServiceCollection services, bool asksWorkers)
    {
        services.AddSingleton(provider =>
        {
            var store = provider.GetRequiredService<HeadStore>();
            return new CertificateStore(store.Writer, store.Reader.Path);
        });
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<WorkerCredentials>(provider));
        services.AddSingleton(new AdmissionRules(asksWorkers));
        return asksWorkers ? services.AddSingleton<IIncomingGrainCallFilter, WorkerCalls>() : services;
    }
}

/// <param name="AsksWorkers">Whether a call must show who makes it; false where the network is trusted.</param>
internal sealed record AdmissionRules(bool AsksWorkers);
