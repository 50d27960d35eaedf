
namespace SeqMnistSweep.Head.Admission;

/// <summary>Lets only a worker exchange, and only in its own name: the silo port is open to every holder of a certificate, and the
/// gateway's clients choose their ids themselves.</summary>
internal sealed class WorkerCalls(WorkerCredentials workers) : IIncomingGrainCallFilter
{
    /// <exception cref="UnauthorizedAccessException">The caller is no worker, or another one than it says.</exception>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod?.DeclaringType == typeof(IDispatchGrain))
        {
            await RequireAsync(context);
        }

        await context.Invoke();
    }

    private async Task RequireAsync(IIncomingGrainCallContext context)
    {
        var worker = Find(RequestContext.Get(WorkerKey.Name) as string)
            ?? throw new UnauthorizedAccessException("only workers may exchange, and this call shows no worker key of this head");
        for (var i = 0; i < context.Request.GetArgumentCount(); i++)
        {
            if (context.Request.GetArgument(i) is ExchangeRequest { Holder: var holder } && !await IsAsync(worker, holder))
            {
                throw new UnauthorizedAccessException(
                    $"worker {worker.Name} may not exchange as {holder.Worker} ({holder.Incarnation}): that is another one");
            }
        }
    }

    private async Task<bool> IsAsync(WorkerCredential worker, Scheduling.LeaseHolder holder) =>
        holder.Worker == worker.Name && SiloAddress.TryParse(holder.Incarnation, out var silo) && await workers.OwnsAsync(worker, silo);

    private WorkerCredential? Find(string? key)
    {
        try
        {
            return workers.Find(key);
        }
        catch (JoinRefusedException error)
        {
            throw new UnauthorizedAccessException(error.Message);
        }
    }
}
