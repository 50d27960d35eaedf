using System.Collections.Immutable;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Trainables;

/// <summary>
/// Reports a test function's value as the metric <c>value</c>, the same after each of <c>epochs</c> (1) epochs of <c>sleep_ms</c> (0)
/// milliseconds. Leaves no checkpoints: an interrupted trial starts again.
/// </summary>
public sealed class TestFunctionTrainable : ITrainable
{
    public TrialResult Run(TrialAssignment assignment, ITrialSession session)
    {
        var function = TestFunctions.Find(assignment.Program);
        if (function is null)
        {
            return new TrialResult.Failed(FailureCause.Invalid, $"there is no test function '{assignment.Program}'");
        }

        var value = function(assignment.Parameters);
        var epochs = (int)(assignment.Parameters["epochs"]?.AsInteger() ?? 1);
        var pause = TimeSpan.FromMilliseconds(assignment.Parameters["sleep_ms"]?.AsReal() ?? 0);
        using var never = new ManualResetEventSlim();
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            for (var left = pause; left > TimeSpan.Zero && session.Requested == TrialRequest.None; left -= TimeSpan.FromMilliseconds(20))
            {
                never.Wait(left < TimeSpan.FromMilliseconds(20) ? left : TimeSpan.FromMilliseconds(20));
            }

            switch (session.Requested)
            {
                case TrialRequest.Drain:
                    return new TrialResult.Released(null);
                case TrialRequest.Stop:
                    return new TrialResult.Stopped();
            }

            session.Progress(new TrialProgress(epoch, epochs, 1, 1, value, 0, null));
            var report = new EpochReport(epoch, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("value", value)]));
            if (session.Report(report, null) != Verdict.Continue)
            {
                return new TrialResult.Stopped();
            }
        }

        return new TrialResult.Completed(null, null);
    }
}
