namespace SeqMnistSweep.Training.Kernels;

/// <summary>Linear head, log-softmax and negative log-likelihood of single images: float32 at both ends, double between.</summary>
internal static unsafe class HeadKernel
{
    private const int Classes = TcnShape.Classes;

    /// <param name="features">[block][16], the last block's output.</param>
    /// <param name="weight">[10, hidden].</param>
    public static void Logits(in Rows features, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> logits)
    {
        for (var i = 0; i < Classes; i++)
        {
            var sum = bias[i];
            for (var c = 0; c < features.Channels; c++)
            {
                sum = FusedMultiplyAdd.Of(weight[(i * features.Channels) + c], *Feature(features, c), sum);
            }

            logits[i] = sum;
        }
    }

    /// <summary>The loss, and its gradient by the logits.</summary>
    /// <param name="smoothing">Share of the target that all classes have alike, 0 to below 1.</param>
    public static double Loss(ReadOnlySpan<float> logits, int label, double smoothing, Span<double> gradient)
    {
        double largest = logits[0];
        foreach (var logit in logits)
        {
            // Not Math.Max over numbers alone: a NaN must come through.
            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        for (var i = 0; i < Classes; i++)
        {
            gradient[i] = ExactMath.Exp(logits[i] - largest);
            sum += gradient[i];
        }

        for (var i = 0; i < Classes; i++)
        {
            gradient[i] = (gradient[i] / sum) - ((i == label ? 1 - smoothing : 0) + (smoothing / Classes));
        }

        var loss = ExactMath.Log(sum) + largest - logits[label];
        return smoothing == 0 ? loss : loss + (smoothing * (logits[label] - Mean(logits)));
    }

    private static double Mean(ReadOnlySpan<float> logits)
    {
        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += logit;
        }

        return sum / Classes;
    }

    /// <summary>The softmax of ten logits.</summary>
    public static double[] Probabilities(float[] logits)
    {
        double largest = logits.Max();
        var powers = logits.Select(logit => ExactMath.Exp(logit - largest)).ToArray();
        var sum = 0.0;
        foreach (var power in powers)
        {
            sum += power;
        }

        return [.. powers.Select(power => power / sum)];
    }

    /// <summary>The class of the largest logit, the first one of equals.</summary>
    public static int Largest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < Classes; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    /// <summary>Backwards through <see cref="Logits"/>.</summary>
    /// <param name="logits">Gradient by the logits.</param>
    public static void Backward(
        in Rows features, ReadOnlySpan<float> weight, ReadOnlySpan<float> logits, in Rows gradient, Span<float> weightGradient,
            Span<float> biasGradient)
    {
        for (var c = 0; c < features.Channels; c++)
        {
            var feature = *Feature(features, c);
            var sum = 0f;
            for (var i = 0; i < Classes; i++)
            {
                var at = (i * features.Channels) + c;
                sum = FusedMultiplyAdd.Of(weight[at], logits[i], sum);
                weightGradient[at] = FusedMultiplyAdd.Of(feature, logits[i], weightGradient[at]);
            }

            *Feature(gradient, c) = sum;
        }

        for (var i = 0; i < Classes; i++)
        {
            biasGradient[i] += logits[i];
        }
    }

    private static float* Feature(in Rows rows, int channel) => rows.At(channel / Rows.Lanes, 0) + (channel % Rows.Lanes);
}
