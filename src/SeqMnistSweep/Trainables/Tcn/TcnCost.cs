namespace SeqMnistSweep.Trainables.Tcn;

/// <summary>What a configuration of <c>tcn</c> costs, counted: the arithmetic of the positions that the last output depends on.</summary>
public static class TcnCost
{
    private const int TrainingImages = 60_000;
    private const int TestImages = 10_000;
    private const int Classes = 10;

    /// <summary>Floating-point operations of one forward pass of one image; a training step is about three.</summary>
    public static double ForwardFlop(ParameterSet parameters)
    {
        var channels = TcnParameters.InputChannels.In(parameters);
        var levels = TcnParameters.Levels.In(parameters);
        var taps = TcnParameters.KernelSize.In(parameters);
        var hidden = TcnParameters.Hidden.In(parameters);
        var positions = (double)(TcnParameters.Pixels / channels);
        var inputs = (double)channels;
        var products = 0.0;
        for (var level = 0; level < levels; level++)
        {
            var last = level == levels - 1;
            var first = last ? Math.Min(taps, positions) : positions;
            var second = last ? 1 : Math.Ceiling(positions / 2);
            products += (first * taps * inputs * hidden) + (second * taps * hidden * hidden);
            if (inputs != hidden)
            {
                products += second * inputs * hidden;
            }

            positions = second;
            inputs = hidden;
        }

        return 2 * (products + (hidden * Classes));
    }

    /// <summary>Images that one trial of the configuration trains on, over all epochs.</summary>
    public static double TrainedImages(ParameterSet parameters)
    {
        var kept = TrainingImages - TcnParameters.Holdout.In(parameters);
        return (double)Math.Min(kept, TcnParameters.TrainLimit.In(parameters) ?? kept) * TcnParameters.Epochs.In(parameters);
    }

    /// <summary>Images that it evaluates: after every epoch, and the test set once at the end where there is a holdout.</summary>
    public static double EvaluatedImages(ParameterSet parameters)
    {
        var holdout = TcnParameters.Holdout.In(parameters);
        var each = holdout > 0 ? holdout : TestImages;
        each = Math.Min(each, TcnParameters.EvalLimit.In(parameters) ?? each);
        return ((double)each * TcnParameters.Epochs.In(parameters)) + (holdout > 0 ? TestImages : 0);
    }

    /// <summary>Floating-point operations of the whole trial: a training step is about three forward passes.</summary>
    public static double TrialFlop(ParameterSet parameters) =>
        ForwardFlop(parameters) * ((3 * TrainedImages(parameters)) + EvaluatedImages(parameters));
}
