using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Trainables;

/// <summary>What a configuration of <c>tcn</c> costs, counted: the arithmetic of the positions that the last output depends on.</summary>
public static class TcnCost
{
    private const int Pixels = 784;
    private const int Classes = 10;

    /// <summary>Floating-point operations of one forward pass of one image; a training step is about three.</summary>
    public static double ForwardFlop(ParameterSet parameters)
    {
        var channels = Integer(parameters, "input_channels");
        var levels = Integer(parameters, "levels");
        var taps = Integer(parameters, "kernel_size");
        var hidden = Integer(parameters, "hidden");
        var positions = (double)TcnParameters.SequenceLength(channels);
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
        const int all = 60_000;
        var kept = all - Integer(parameters, "holdout");
        var used = parameters["train_limit"] is { } limit ? Math.Min(kept, limit.AsInteger()) : kept;
        return (double)used * Integer(parameters, "epochs");
    }

    /// <summary>Images that it evaluates: after every epoch, and the test set once at the end where there is a holdout.</summary>
    public static double EvaluatedImages(ParameterSet parameters)
    {
        const int test = 10_000;
        var holdout = Integer(parameters, "holdout");
        var each = holdout > 0 ? holdout : test;
        if (parameters["eval_limit"] is { } limit)
        {
            each = Math.Min(each, limit.AsInteger());
        }

        return ((double)each * Integer(parameters, "epochs")) + (holdout > 0 ? test : 0);
    }

    /// <summary>Operations of the whole trial: a training step is about three forward passes.</summary>
    public static double TrialFlop(ParameterSet parameters) =>
        ForwardFlop(parameters) * ((3 * TrainedImages(parameters)) + EvaluatedImages(parameters));

    private static long Integer(ParameterSet parameters, string name) =>
        (parameters[name] ?? TcnParameters.All.First(parameter => parameter.Name == name).Default!).AsInteger();
}
