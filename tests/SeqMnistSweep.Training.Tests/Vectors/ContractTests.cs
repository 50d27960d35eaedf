using System.Diagnostics;
using System.Globalization;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Tests.Fixtures;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Training.Tests.Vectors;

/// <summary>The README's arithmetic contract, written a second time in Python, makes the same training step to the bit.</summary>
public sealed class ContractTests
{
    /// <summary>All with more than one batch an epoch: a step needs a checkpoint before it.</summary>
    public static TheoryData<TestVector> Vectors => [.. TestVector.All.Where(vector => vector.Name != "many-images")];

    [RequiresPythonTorchTheory]
    [MemberData(nameof(Vectors))]
    public void A_step_is_what_the_contract_says(TestVector vector)
    {
        using var trial = TestVector.NewRun();
        var assignment = vector.Assignment(trial);
        var (before, after) = (Drained(trial, assignment, 2), Drained(trial, assignment, 3));
        var settings = TcnSettings.From(assignment.Parameters);
        var images = new TrialData(settings, trial.Dataset).Train;
        var order = settings.Shuffle ? EpochOrder.Shuffled(images.Count, assignment.Seed, 1) : null;
        var batch = new ImageBatch(images, settings.BatchSize, Math.Min(settings.BatchSize, images.Count - settings.BatchSize), order);
        var file = Path.Combine(trial.Folder, "batch");
        File.WriteAllBytes(file, [.. Enumerable.Range(0, batch.Count).SelectMany(i => Pixels(images, batch[i])), .. Enumerable.Range(0, batch.Count).Select(i => images.LabelOf(batch[i]))]);

        var seed = RandomSeed.Derive(assignment.Seed, "dropout", 1, 1).ToString(CultureInfo.InvariantCulture);
        var script = Path.Combine(AppContext.BaseDirectory, "Vectors", "contract.py");
        var done = batch.Done.ToString("R", CultureInfo.InvariantCulture);
        Assert.EndsWith("the same, bit for bit\n", Python(script, before, after, file, seed, "1", done), StringComparison.Ordinal);
        if (vector.Name is "adam" or "sgd-plain")
        {
            Assert.Contains("tcn.network.0.conv1.weight_v", Python(script, before, after, file, "5", "1", done), StringComparison.Ordinal);
        }
    }

    private static string Python(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(RequiresPythonTorchFactAttribute.Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = python.StandardError.ReadToEndAsync();
        var said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return said + errors.Result;
    }

    private static string Drained(TrialRun trial, TrialAssignment assignment, int poll)
    {
        var released = (TrialResult.Released)trial.Run(assignment, new ScriptedSession { OnPoll = at => at == poll ? TrialRequest.Drain : TrialRequest.None });
        return Path.Combine(trial.Folder, released.Checkpoint!.FileName);
    }

    private static IEnumerable<byte> Pixels(LabelledImages images, int image)
    {
        var start = (images.Start + image) * ImageSet.Pixels;
        return Enumerable.Range(0, ImageSet.Pixels).Select(j => images.Set.Images[start + (images.Permutation?[j] ?? j)]);
    }
}
