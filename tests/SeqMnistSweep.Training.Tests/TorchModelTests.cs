using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Training.Data;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Native;
using TorchSharp;

namespace SeqMnistSweep.Training.Tests;

/// <summary>The model for GPUs, on libtorch's CPU device and on a GPU where there is one, against the one without libtorch.</summary>
[Collection(TorchCollection.Name)]
public sealed class TorchModelTests
{
    private const string Settings =
        """{"levels":3,"kernel_size":4,"hidden":6,"input_channels":4,"batch_size":20,"lr":0.01,"dropout":0,"clip":1}""";

    private static readonly LabelledImages Images = new(SyntheticImages.Create().Train, 10, 120, [.. Enumerable.Range(0, 784).Reverse()]);
    private static readonly long[] Order = EpochOrder.Shuffled(120, 3, 1);

    [Theory]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("SGD")]
    [InlineData("RMSprop")]
    public void It_trains_evaluates_and_predicts_as_the_kernels_do(string optimizer) => Agree(
        TcnSettings.From(ParameterSet.FromJson(Settings).With("optimizer", ParameterValue.Of(optimizer)).With("weight_decay", ParameterValue.Of(0.01))));

    /// <summary>A trial is the same one on a GPU.</summary>
    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(0, 0.2)]
    [InlineData(0.1, 0.2)]
    public void It_drops_what_the_kernels_drop(double dropout, double input) => Agree(
        TcnSettings.From(ParameterSet.FromJson(Settings).With("dropout", ParameterValue.Of(dropout)).With("input_dropout", ParameterValue.Of(input))));

    [Theory]
    [InlineData("label_smoothing", 0.2)]
    [InlineData("ema", 0.8)]
    public void It_smooths_labels_and_averages_weights_as_the_kernels_do(string parameter, double value) =>
        Agree(TcnSettings.From(ParameterSet.FromJson(Settings).With("lr_schedule", ParameterValue.Of("one_cycle")).With(parameter, ParameterValue.Of(value))));

    [Fact]
    public void A_GPU_evaluates_in_larger_batches() => Assert.True(TorchModel.EvaluationBatchOn(DeviceType.CUDA) >= 4 * TorchModel.EvaluationBatchOn(DeviceType.CPU));

    /// <summary>On libtorch's CPU, and on a GPU where there is one.</summary>
    private static void Agree(TcnSettings settings)
    {
        Agree(settings, TorchSharp.torch.CPU);
        if (TorchLibrary.HasCuda && TorchSharp.torch.cuda.is_available())
        {
            Agree(settings, TorchSharp.torch.CUDA);
        }
    }

    private static void Agree(TcnSettings settings, TorchSharp.torch.Device device)
    {
        using var torch = new TorchModel(settings, 5, device, threads: 1);
        using var cpu = new CpuModel(settings, 5, threads: 1, LaneKernels.Widest);
        var (one, other) = (Trained(torch), Trained(cpu));
        Assert.Equal(other.Training.Loss, one.Training.Loss, 1e-4);
        Assert.Equal(other.Evaluation.Loss, one.Evaluation.Loss, 1e-4);
        Assert.Equal((120, other.Evaluation.Correct), (one.Evaluation.Images, one.Evaluation.Correct));
        Assert.All(one.Probabilities.Zip(other.Probabilities), pair => Assert.All(pair.First.Zip(pair.Second), p => Assert.Equal(p.Second, p.First, 1e-4)));
        Assert.All(torch.ReadWeights().Zip(cpu.ReadWeights()), pair => Assert.Equal(pair.Second, pair.First, 2e-3));
        Assert.All(torch.ReadEvaluated().Zip(cpu.ReadEvaluated()), pair => Assert.Equal(pair.Second, pair.First, 2e-3));
        Assert.Equal(cpu.ReadMoments().Keys, torch.ReadMoments().Keys);
    }

    [Fact]
    public void It_goes_on_from_what_it_has_read_out()
    {
        var settings = TcnSettings.From(ParameterSet.FromJson(Settings));
        using var whole = new TorchModel(settings, 5, TorchSharp.torch.CPU, threads: 1);
        Trained(whole);
        using var resumed = new TorchModel(settings, 6, TorchSharp.torch.CPU, threads: 1);
        resumed.SetWeights(whole.ReadWeights());
        resumed.SetOptimizer(whole.ReadMoments(), whole.Steps);
        Assert.Equal(6, resumed.Steps);
        Assert.Equal(whole.ReadMoments()["exp_avg"], resumed.ReadMoments()["exp_avg"]);

        Assert.Equal(Evaluated(whole).Loss, Evaluated(resumed).Loss);
    }

    [Fact]
    public void Steps_and_evaluations_leave_no_tensor_behind()
    {
        Trained();
        var before = torch.Tensor.TotalCount;
        Trained();
        Assert.Equal(before, torch.Tensor.TotalCount);

        static void Trained()
        {
            using var model = new TorchModel(TcnSettings.From(ParameterSet.FromJson(Settings)), 5, TorchSharp.torch.CPU, threads: 1);
            TorchModelTests.Trained(model);
        }
    }

    private static (BatchTally Training, BatchTally Evaluation, double[][] Probabilities) Trained(ITcnModel model)
    {
        var training = new BatchTally();
        for (var batch = 0; batch < 6; batch++)
        {
            model.Train(new ImageBatch(Images, 20 * batch, 20, Order), 1, batch, training);
        }

        model.Settle();
        var evaluation = Evaluated(model);
        return (training, evaluation, model.Predict(new ImageBatch(Images, 3, 5)));
    }

    private static BatchTally Evaluated(ITcnModel model)
    {
        var tally = new BatchTally();
        model.BeginEvaluation();
        for (var from = 0; from < Images.Count; from += 50)
        {
            model.Evaluate(new ImageBatch(Images, from, Math.Min(50, Images.Count - from)), tally);
        }

        model.Settle();
        return tally;
    }
}
