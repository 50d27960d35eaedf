using System.Globalization;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Tests.Vectors;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests;

/// <summary>
/// The test vectors in a process of their own, for switches that a runtime reads at its start and for other processors:
/// <c>digests [NAME ...]</c> prints a line each after one with the width;
/// <c>drain NAME POLL FOLDER</c> stops a vector at that poll and prints its checkpoint, <c>resume NAME FOLDER CHECKPOINT</c> goes on from there and prints the digest.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        var output = Console.Out;
        switch (args)
        {
            case ["digests", .. var names]:
                output.WriteLine($"width {KernelWidth.Available[0].Name}");
                foreach (var vector in TestVector.All.Where(vector => names.Length == 0 || names.Contains(vector.Name)))
                {
                    using var trial = TestVector.NewRun();
                    output.WriteLine($"{vector.Name} {trial.Complete(vector.Assignment(trial)).Session.Checkpoints[^1]!.Digest}");
                }

                return 0;
            case ["drain", var name, var poll, var folder]:
                using (var trial = TestVector.NewRun())
                {
                    var at = int.Parse(poll, CultureInfo.InvariantCulture);
                    var session = new ScriptedSession { OnPoll = now => now == at ? TrialRequest.Drain : TrialRequest.None };
                    var released = (TrialResult.Released)trial.Run(Named(name).Assignment(trial) with { CheckpointFolder = folder }, session);
                    output.WriteLine($"{released.Checkpoint!.Epoch}.{released.Checkpoint.Batch}.{released.Checkpoint.Digest}.{released.Checkpoint.Bytes}");
                }

                return 0;
            case ["resume", var name, var folder, var checkpoint]:
                using (var trial = TestVector.NewRun())
                {
                    var parts = checkpoint.Split('.');
                    var resume = new CheckpointFile(
                        int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2], long.Parse(parts[3], CultureInfo.InvariantCulture));
                    output.WriteLine(trial.Complete(Named(name).Assignment(trial) with { CheckpointFolder = folder, Resume = resume }).Session.Checkpoints[^1]!.Digest);
                }

                return 0;
            default:
                Console.Error.WriteLine("digests [NAME ...] | drain NAME POLL FOLDER | resume NAME FOLDER CHECKPOINT");
                return 2;
        }
    }

    private static TestVector Named(string name) => TestVector.All.Single(vector => vector.Name == name);
}
