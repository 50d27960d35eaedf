namespace SeqMnistSweep.Trainables;

/// <summary>Reports a test function's value as the metric <c>value</c>, the same after each of <c>epochs</c> (1) epochs. Epoch n ends n
/// times <c>sleep_ms</c> (0) milliseconds after the start, however long the words in between took. With <c>metrics</c> (1) above 1 the
/// value is reported under as many names: <c>value</c>, <c>value_2</c>, ... Leaves no checkpoints: an interrupted trial starts
/// again.</summary>
public sealed class TestFunctionTrainable(TimeProvider? time = null) : ITrainable
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public TrialResult Run(TrialAssignment assignment, ITrialSession session)
    {
        var started = _time.GetTimestamp();
        var function = TestFunctions.Find(assignment.Program);
        if (function is null)
        {
            return new TrialResult.Failed(FailureCause.Invalid, $"there is no test function '{assignment.Program}'");
        }

        var value = function(assignment.Parameters);
        var epochs = (int)(assignment.Parameters[TrainableDescription.Epochs]?.AsInteger() ?? 1);
        var pause = TimeSpan.FromMilliseconds(assignment.Parameters["sleep_ms"]?.AsReal() ?? 0);
        var count = (int)(assignment.Parameters["metrics"]?.AsInteger() ?? 1);
        var metrics = ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal,
            Enumerable.Range(1, count).Select(
                i => KeyValuePair.Create(i == 1 ? "value" : string.Create(CultureInfo.InvariantCulture, $"value_{i}"), value)));
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            if (pause > TimeSpan.Zero)
            {
                WaitUntil(started, epoch * pause, session);
            }

            switch (session.Requested)
            {
                case TrialRequest.Drain:
                    return new TrialResult.Released(null);
                case TrialRequest.Stop:
                    return new TrialResult.Stopped();
            }

            session.Progress(new TrialProgress(epoch, epochs, 1, 1, value, 0, null));
            switch (session.Report(new EpochReport(epoch, metrics), null))
            {
                case Verdict.Stop:
                    return new TrialResult.Stopped();
                case Verdict.Pause:
                    return new TrialResult.Released(null);
            }
        }

        return new TrialResult.Completed(null, null);
    }

    private void WaitUntil(long started, TimeSpan end, ITrialSession session)
    {
        while (session.Requested == TrialRequest.None && end - _time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            session.Wait(left);
        }
    }
}
