using SeqMnistSweep.Cli.Models;
using SeqMnistSweep.Datasets;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class ModelPredict : Command
{
    private readonly Argument<string> _trial = Reference.Trial();
    private readonly Option<string> _input = new("--input")
    {
        HelpName = "FILE",
        Description = "an IDX file of images, gzip or raw, or a PNG of 28x28: white on black",
        Required = true,
    };

    public ModelPredict(CommonOptions options)
        : base("predict", "classify images with the network that a trial has trained")
    {
        this.Takes(_trial, _input, options.Database, options.Head);
        SetAction(async (parsed, stop) =>
        {
            var pixels = ImageInput.Read(Path.GetFullPath(parsed.GetValue(_input)!, options.Context.Folder));
            using var results = await options.OpenResultsAsync(parsed, stop);
            var (_, trial) = await SweepReference.ResolveTrialAsync(results, parsed.GetValue(_trial)!, stop);
            var model = await TrialCheckpoint.ModelAsync(results, trial, stop);
            options.Write(parsed, Table(model.Predict(pixels)));
        });
    }

    private static TableOutput Table(IReadOnlyList<double[]> predictions) => TableOutput.Of(
        ["image", "class", "probability", .. Enumerable.Range(0, 10).Select(i => $"p{i}")],
        predictions.Index(),
        image =>
        {
            var best = Array.IndexOf(image.Item, image.Item.Max());
            var all = image.Item.Select(Probability).ToList();
            return [(long)image.Index, (long)best, all[best], .. all];
        });

    private static Cell Probability(double value) => new(value, value.ToString("0.0000", CultureInfo.InvariantCulture));
}
