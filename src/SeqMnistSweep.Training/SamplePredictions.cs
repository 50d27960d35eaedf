using System.Globalization;
using SeqMnistSweep.Training.Data;

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

    public static string Of(ITcnModel model, LabelledImages test)
    {
        model.BeginEvaluation();
        return string.Join(' ', model.Predict(new ImageBatch(test, 0, Math.Min(Images, test.Count))).Select((probabilities, i) =>
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            return string.Create(CultureInfo.InvariantCulture, $"{test.LabelOf(i)}:{best}:{probabilities[best]:0.####}");
        }));
    }
}
