using System.CommandLine;
using System.Globalization;
using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Training.Models;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class PredictCommand : Verb
{
    private readonly Argument<string> _trial = new("trial") { HelpName = "TRIAL", Description = "a trial such as tcn-7f3k/17, or @last/17" };
    private readonly Option<string> _input = new("--input") { HelpName = "FILE", Description = "an IDX file of images, gzip or raw, or a PNG of 28x28: white on black", Required = true };

    public PredictCommand(CommonOptions options)
        : base(
            "predict",
            "classify images with the network that a trial has trained",
            "Results",
            ("seqsweep predict tcn-7f3k/17 --input seven.png", "one image"),
            ("seqsweep predict @last/1 --input t10k-images-idx3-ubyte.gz -o csv", "many, with every class's probability"))
    {
        Add(_trial);
        Add(_input);
        Add(options.Database);
        Add(options.Head);
        SetAction(async (parsed, stop) =>
        {
            var pixels = ImageInput.Read(Path.GetFullPath(parsed.GetValue(_input)!, options.Context.Folder));
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (_, trial) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var model = await TrialCheckpoint.ModelAsync(results, trial, stop);
            options.Write(parsed, Table(model.Predict(pixels)));
            return ExitCodes.Ok;
        });
    }

    private static TableOutput Table(IReadOnlyList<double[]> predictions)
    {
        var table = new TableOutput(["image", "class", "probability", .. Enumerable.Range(0, 10).Select(i => $"p{i}")]);
        foreach (var (number, probabilities) in predictions.Index())
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            table.Add([Cell.Of((long)number), Cell.Of((long)best), Probability(probabilities[best]), .. probabilities.Select(Probability)]);
        }

        return table;
    }

    private static Cell Probability(double value) => new(value, value.ToString("0.0000", CultureInfo.InvariantCulture));
}
