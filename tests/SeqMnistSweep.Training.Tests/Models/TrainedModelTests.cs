using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Checkpoints;
using SeqMnistSweep.Training.Models;
using SeqMnistSweep.Training.Tests.Fixtures;

namespace SeqMnistSweep.Training.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class TrainedModelTests : IDisposable
{
    private readonly TrialRun _trial = new();

    public void Dispose() => _trial.Dispose();

    [RequiresPythonTorchFact]
    public void An_export_with_aliases_loads_strictly_into_the_references_class_and_predicts_the_same()
    {
        var model = Trained("""{"levels":3,"kernel_size":5,"hidden":7,"input_channels":1,"epochs":1}""");
        var file = Path.Combine(_trial.Folder, "export.safetensors");
        File.WriteAllBytes(file, model.Export(pytorchAliases: true));

        var expected = Python(file, "5", "7", "3").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray()).ToList();

        var pixels = Enumerable.Range(0, 6 * 784).Select(i => (byte)((long)i * 7919 % 251)).ToArray();
        var predictions = model.Predict(pixels);
        Assert.Equal(6, predictions.Count);
        Assert.Equal(6, expected.Count);
        Assert.All(predictions.Zip(expected), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.Second, value.First, 1e-5)));
    }

    [Fact]
    public void An_export_without_aliases_has_the_weights_under_the_references_names_alone()
    {
        var file = SafeTensors.Parse(Trained("""{"epochs":1}""").Export(pytorchAliases: false));
        Assert.Contains(file.Tensors, tensor => tensor.Name == "tcn.network.0.conv1.weight_v");
        Assert.DoesNotContain(file.Tensors, tensor => tensor.Name.Contains(".net.", StringComparison.Ordinal) || tensor.Name.StartsWith("optimizer", StringComparison.Ordinal));
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void The_weights_are_those_of_the_best_epoch()
    {
        var (_, session) = _trial.Complete(_trial.Assignment("""{"epochs":3}""") with { Metric = "train_accuracy", Maximize = false });
        var model = Read(session.Checkpoints[^1]!);
        Assert.Equal(1, model.Epoch);
        Assert.Equal(Read(session.Checkpoints[0]!).Export(false), model.Export(false).AsSpan().ToArray());
    }

    [Fact]
    public void They_are_the_average_where_the_trial_keeps_one()
    {
        var (_, session) = _trial.Complete(_trial.Assignment("""{"epochs":1,"ema":0.9}"""));
        var checkpoint = CheckpointFolder.Read(_trial.Folder, session.Checkpoints[^1]!);
        Assert.Equal(checkpoint.Moments["ema"], checkpoint.Best!.Weights);
        Assert.NotEqual(checkpoint.Weights, checkpoint.Best.Weights);
        var bias = SafeTensors.Parse(Read(session.Checkpoints[^1]!).Export(pytorchAliases: false)).Tensors.Single(tensor => tensor.Name == "linear.bias");
        Assert.Equal(checkpoint.Best.Weights![^10..], MemoryMarshal.Cast<byte, float>(bias.Data.Span).ToArray());
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        var (_, session) = _trial.Complete(_trial.Assignment("""{"epochs":1}"""));
        var bytes = File.ReadAllBytes(Path.Combine(_trial.Folder, session.Checkpoints[^1]!.FileName));
        bytes[^1] ^= 1;
        Assert.Contains("damaged", Assert.Throws<CheckpointException>(() => TrainedModel.Read(bytes, session.Checkpoints[^1]!.Digest)).Message, StringComparison.Ordinal);
    }

    private TrainedModel Trained(string overrides) => Read(_trial.Complete(_trial.Assignment(overrides)).Session.Checkpoints[^1]!);

    private TrainedModel Read(Trials.CheckpointFile file) => TrainedModel.Read(File.ReadAllBytes(Path.Combine(_trial.Folder, file.FileName)), file.Digest);

    private static string Python(params string[] arguments)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Models", "load_export.py");
        using var process = Process.Start(new ProcessStartInfo(RequiresPythonTorchFactAttribute.Python, [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output;
    }
}
