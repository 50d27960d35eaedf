namespace SeqMnistSweep.Grains;

/// <summary>One sweep, for clients. The key is the sweep's id. Lives on the head, rebuilt from the database at any moment.</summary>
[Alias("seqsweep.ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <param name="afterEvent">Only events with a larger number are in the answer, the oldest 500 of them.</param>
    [Alias("GetStatus")]
    [ResponseTimeout("00:00:10")]
    Task<SweepStatus> GetStatus(long afterEvent, CancellationToken cancellation);

    /// <summary>No new trials start; those that run go on.</summary>
    [Alias("Pause")]
    Task Pause(SweepAction action);

    [Alias("Resume")]
    Task Resume(SweepAction action);

    /// <summary>No new trials start; the sweep ends when those that run have ended.</summary>
    [Alias("Stop")]
    Task Stop(SweepAction action);

    /// <summary>Everything ends now.</summary>
    [Alias("Cancel")]
    Task Cancel(SweepAction action);
}

/// <param name="By">Who asks: <c>user@host</c>.</param>
/// <param name="Reason">Why, as a sentence; written into the event log.</param>
[GenerateSerializer, Immutable, Alias("seqsweep.SweepAction")]
public sealed record SweepAction([property: Id(0)] string By, [property: Id(1)] string Reason);
