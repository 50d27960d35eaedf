namespace SeqMnistSweep.Worker.Protocol;

/// <summary>What a worker tells its runner, a JSON object a line; the answers are <see cref="Scheduling.AttemptEvent"/>s.</summary>
public abstract record RunnerCommand
{
    private RunnerCommand()
    {
    }

    /// <summary>Train this trial; answered by <see cref="Scheduling.AttemptEvent.Started"/>. Its JSON is the assignment's.</summary>
    public sealed record Start(TrialAssignment Assignment) : RunnerCommand;

    /// <summary>The answer to the report of a rung.</summary>
    public sealed record Decide(int Epoch, Verdict Verdict) : RunnerCommand;

    /// <summary>Write a checkpoint at the next batch and give the trial back.</summary>
    public sealed record Drain : RunnerCommand;

    /// <summary>Drop the trial at the next batch.</summary>
    public sealed record Stop : RunnerCommand;
}
