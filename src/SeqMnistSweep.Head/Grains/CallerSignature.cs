using SeqMnistSweep.Head.Access;

namespace SeqMnistSweep.Head.Grains;

/// <summary>Puts the name that a client's token has into what it asks for through the gateway, and what it says of itself beside it. Its
/// certificate is known of the connection, not of the call. Whoever has one can forge an id and pass for a silo: this orders honest
/// clients.</summary>
internal sealed class CallerSignature(Credentials credentials, HeadOptions head) : IIncomingGrainCallFilter
{
    /// <exception cref="SweepRefusedException">The call would change something and shows no token that the head takes.</exception>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (!head.Insecure && context.SourceId is { } source && ClientCalls.IsOutside(source))
        {
            Sign(context.Request);
        }

        return context.Invoke();
    }

    private void Sign(Orleans.Serialization.Invocation.IInvokable request)
    {
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is SweepAction action)
            {
                request.SetArgument(i, action with { By = Name(), SaidBy = action.By });
            }
            else if (request.GetArgument(i) is SubmitRequest submitted)
            {
                request.SetArgument(i, submitted with { By = Name(), SaidBy = submitted.By });
            }
        }
    }

    private string Name() =>
        RequestContext.Get(CallerToken.Name) is string token && credentials.Find(token) is { Role: >= Role.Operator } caller
            ? caller.Name
            : throw new SweepRefusedException("the head takes no token of this call: it was revoked, has ended or is of another start");
}
