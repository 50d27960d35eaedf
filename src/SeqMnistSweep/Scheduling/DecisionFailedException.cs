namespace SeqMnistSweep.Scheduling;

/// <summary>A method or a pruner threw, so nothing was decided. The schedule that threw this is half changed: it must be read again.</summary>
/// <param name="cause">Who threw: <see cref="SweepCause.MethodFailed"/> or <see cref="SweepCause.PrunerFailed"/>.</param>
/// <param name="who">For people: <c>method gp</c>.</param>
public sealed class DecisionFailedException(SweepCause cause, string who, Exception error)
    : Exception($"{who}: {error.Message} ({error.GetType().Name})", error)
{
    /// <summary>Who threw.</summary>
    public SweepCause Cause => cause;

    /// <summary>Asks a method or a pruner, whose every error becomes one of this type.</summary>
    public static T Guard<T>(SweepCause cause, string who, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception error) when (error is not DecisionFailedException)
        {
            throw new DecisionFailedException(cause, who, error);
        }
    }
}
