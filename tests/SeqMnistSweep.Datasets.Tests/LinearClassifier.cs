using System.Numerics;
using System.Runtime.InteropServices;

namespace SeqMnistSweep.Datasets.Tests;

/// <summary>Multinomial logistic regression on the 784 pixels by stochastic gradient descent, one image at a time.</summary>
internal sealed class LinearClassifier
{
    private const int Classes = 10;
    private readonly float[][] _weights = [.. Enumerable.Range(0, Classes).Select(_ => new float[784])];
    private readonly float[] _bias = new float[Classes];
    private readonly float[] _pixels = new float[784];
    private readonly float[] _outputs = new float[Classes];

    public void Train(ImageSet set, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
        {
            var rate = 0.02f / (1 + pass);
            for (var i = 0; i < set.Count; i++)
            {
                Predict(set, i);
                var highest = _outputs.Max();
                var sum = _outputs.Sum(output => MathF.Exp(output - highest));
                for (var c = 0; c < Classes; c++)
                {
                    var gradient = (MathF.Exp(_outputs[c] - highest) / sum) - (set.Labels[i] == c ? 1 : 0);
                    Add(_weights[c], -rate * gradient);
                    _bias[c] -= rate * gradient;
                }
            }
        }
    }

    public double Accuracy(ImageSet set) => Enumerable.Range(0, set.Count).Count(i => Predict(set, i) == set.Labels[i]) / (double)set.Count;

    private int Predict(ImageSet set, int image)
    {
        for (var i = 0; i < 784; i++)
        {
            _pixels[i] = set.Images[(image * 784) + i] / 255f;
        }

        for (var c = 0; c < Classes; c++)
        {
            var sum = Vector<float>.Zero;
            var weights = Vectors(_weights[c]);
            var pixels = Vectors(_pixels);
            for (var i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * pixels[i];
            }

            _outputs[c] = _bias[c] + Vector.Sum(sum);
        }

        return Array.IndexOf(_outputs, _outputs.Max());
    }

    private void Add(float[] weights, float factor)
    {
        var targets = Vectors(weights);
        var pixels = Vectors(_pixels);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] += factor * pixels[i];
        }
    }

    private static Span<Vector<float>> Vectors(float[] values) => MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan());
}
