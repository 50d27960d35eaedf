namespace SeqMnistSweep.Worker.Runners;

/// <summary>The log of an attempt of a trainable of this program, in lines for people: what it runs on what, each epoch, each checkpoint, how
/// it ended. Such a trainable writes nothing itself. What a message lacks is not told.</summary>
internal sealed class AttemptNarrator(Action<string> write)
{
    private const int ShortDigest = 12;

    private bool _isDescribed;

    public void Start(TrialAssignment assignment)
    {
        _isDescribed = false;
        write($"{assignment.Trial}, attempt {assignment.Attempt}: {assignment.Program} on {assignment.Device}, seed {assignment.Seed}");
        write($"parameters: {assignment.Parameters}");
        if (assignment.Resume is { } file)
        {
            write($"goes on from the {Name(file)}");
        }
    }

    public void Hear(AttemptEvent happened)
    {
        switch (happened)
        {
            // What it tells of itself at its end is for the trial's page.
            case AttemptEvent.Described({ } facts) when !_isDescribed:
                _isDescribed = true;
                write($"runs with: {string.Join(' ', facts.Select(fact => $"{fact.Key}={fact.Value}"))}");
                break;
            case AttemptEvent.Reported({ Metrics: not null } report, var checkpoint):
                var metrics = report.Metrics.OrderBy(metric => EpochReport.IsTiming(metric.Key))
                    .Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric.Key}={metric.Value:G6}"));
                write($"epoch {report.Epoch}: {string.Join(' ', metrics)}");
                Wrote(checkpoint);
                break;
            case AttemptEvent.Checkpointed(var checkpoint): Wrote(checkpoint); break;
            case AttemptEvent.Completed({ } loss, { } accuracy):
                write(string.Create(CultureInfo.InvariantCulture, $"completed: test_loss={loss:G6} test_accuracy={accuracy:G6}"));
                break;
            case AttemptEvent.Completed: write("completed"); break;
            case AttemptEvent.Failed(var cause, var message): write($"failed ({cause.ToName()}): {message}"); break;
            case AttemptEvent.Released(var why): write($"gave its slot back: {why}"); break;
            case AttemptEvent.Stopped: write("stopped"); break;
        }
    }

    private void Wrote(CheckpointFile? checkpoint)
    {
        if (checkpoint is not null)
        {
            write($"wrote the {Name(checkpoint)}");
        }
    }

    private static string Name(CheckpointFile file)
    {
        var digest = file.Digest is { } whole ? whole[..Math.Min(ShortDigest, whole.Length)] : "";
        return $"checkpoint of epoch {file.Epoch}{(file.Batch > 0 ? $", batch {file.Batch}" : "")} ({digest}, {file.Bytes} bytes)";
    }
}
