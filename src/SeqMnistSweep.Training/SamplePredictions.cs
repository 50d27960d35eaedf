using SeqMnistSweep.Training.Data;

namespace SeqMnistSweep.Training;

/// <summary>What a trained network makes of the first test images. A page shows it beside the images, which lie in the dataset.</summary>
internal static class SamplePredictions
{
    /// <summary>Enough for a page's glance; a trial keeps about 340 bytes of them.</summary>
    public const int Images = 24;

    /// <returns>The fact <see cref="SamplePrediction.Fact"/>.</returns>
    public static string Of(ITcnModel model, LabelledImages test)
    {
        model.BeginEvaluation();
        return SamplePrediction.Write(model.Predict(new ImageBatch(test, 0, Math.Min(Images, test.Count))).Select((probabilities, i) =>
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            return new SamplePrediction(test.LabelOf(i), best, probabilities[best]);
        }));
    }
}
