using System.Globalization;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training;

/// <summary>
/// What a trained network makes of the first test images, as the fact <c>samples</c>: an image is <c>label:class:probability</c> of the
/// most probable class, with a space between two. A page shows them beside the images, which lie in the dataset.
/// </summary>
internal static class SamplePredictions
{
    public const string Fact = "samples";

    /// <summary>Enough for a page's glance; in the database a trial keeps 240 bytes of them.</summary>
    public const int Images = 24;

    public static string Of(TcnModel model, LabelledImages test, int channels)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (x, labels) = test.Batch(0, Math.Min(Images, test.Count), channels);
        var digits = labels.cpu().data<long>().ToArray();
        return string.Join(' ', model.Predict(x).Zip(digits, (probabilities, digit) =>
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            return string.Create(CultureInfo.InvariantCulture, $"{digit}:{best}:{probabilities[best]:0.####}");
        }));
    }
}
