using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Training;

/// <summary>Where the time of a training step goes, on one thread of a CPU with AVX-512.</summary>
public static class StepProfile
{
    private const int WarmUp = 3;

    /// <summary>Whether this machine trains with the kernels that can be looked into.</summary>
    public static bool IsSupported => FusedNetwork.IsSupported;

    /// <returns>Seconds a step, by part; timing them costs about a hundredth.</returns>
    public static IReadOnlyList<(string Part, double Seconds)> Measure(ParameterSet parameters, int steps)
    {
        var clock = new StepClock();
        using var bench = new TrainingBench(BenchPath.Decimated, parameters, 1, clock);
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
