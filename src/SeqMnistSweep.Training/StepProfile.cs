using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Training;

/// <summary>Where the time of a training step goes, on one thread.</summary>
public static class StepProfile
{
    private const int WarmUp = 3;

    /// <returns>Seconds a step, by part; timing them costs about a hundredth.</returns>
    public static IReadOnlyList<(string Part, double Seconds)> Measure(ParameterSet parameters, int steps, KernelWidth? width = null)
    {
        var clock = new StepClock();
        using var bench = new TrainingBench(parameters, 1, width, clock);
        for (var step = 0; step < WarmUp + steps; step++)
        {
            if (step == WarmUp)
            {
                clock.Reset();
            }

            bench.Step();
        }

        return [.. Enum.GetValues<StepPart>().Select(part => (part.ToString().ToLowerInvariant(), clock.Of(part).TotalSeconds / steps))];
    }
}
