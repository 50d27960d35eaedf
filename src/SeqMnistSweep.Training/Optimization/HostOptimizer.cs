using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Kernels;

namespace SeqMnistSweep.Training.Optimization;

/// <summary>One update rule on the flat parameter buffer in main memory, with PyTorch's rules (torch.optim, without amsgrad, nesterov,
/// dampening, centered). Every operation is float32 and rounded by itself; numbers that hold for a whole step are made in double and
/// rounded once.</summary>
internal sealed class HostOptimizer : IDisposable
{
    private const double RmsPropAlpha = 0.99;

    private readonly OptimizerSettings _settings;
    private readonly AlignedMemory[] _moments;
    private readonly AlignedMemory? _average;
    private double _power1 = 1;
    private double _power2 = 1;

    /// <param name="count">Of the parameters.</param>
    public HostOptimizer(OptimizerSettings settings, int count)
    {
        _settings = settings;
        _moments = [.. settings.MomentNames.Select(_ => new AlignedMemory(count))];
        _average = settings.Ema > 0 ? new AlignedMemory(count) : null;
    }

    /// <summary>Steps made.</summary>
    public long Step { get; private set; }

    /// <summary>The moving average of the parameters; null where there is none, or no step was made.</summary>
    public AlignedMemory? Average => Step > 0 ? _average : null;

    private IEnumerable<AlignedMemory> State => _average is null ? _moments : [.. _moments, _average];

    public ImmutableSortedDictionary<string, float[]> ReadState() =>
        _settings.StateNames.Zip(State)
            .ToImmutableSortedDictionary(pair => pair.First, pair => pair.Second.Span.ToArray(), StringComparer.Ordinal);

    /// <summary>Goes on after <paramref name="step"/> steps.</summary>
    public void Set(IReadOnlyDictionary<string, float[]> state, long step)
    {
        foreach (var (name, memory) in _settings.StateNames.Zip(State))
        {
            state[name].CopyTo(memory.Span);
        }

        Step = step;
        (_power1, _power2) = (ExactMath.Power(_settings.Beta1, step), ExactMath.Power(_settings.Beta2, step));
    }

    /// <summary>Makes one step: updates the parameters in place.</summary>
    /// <param name="parameters">[count] float32.</param>
    /// <param name="gradient">[count] float32, of the mean loss of the batch; may be changed.</param>
    /// <param name="learningRate">Of this step, 0 or more.</param>
    public void Apply(AlignedMemory parameters, AlignedMemory gradient, double learningRate)
    {
        Step++;
        switch (_settings.Kind)
        {
            case OptimizerKind.Adam or OptimizerKind.AdamW:
                _power1 *= _settings.Beta1;
                _power2 *= _settings.Beta2;
                Adam(Vectors(parameters), Vectors(gradient), learningRate);
                break;
            case OptimizerKind.Sgd:
                Sgd(Vectors(parameters), Vectors(gradient), learningRate);
                break;
            default:
                RmsProp(Vectors(parameters), Vectors(gradient), learningRate);
                break;
        }

        if (_average is { } average)
        {
            Follow(Vectors(average), Vectors(parameters), Step == 1 ? 1 : (float)(1 - _settings.Ema));
        }
    }

    /// <summary>Scales the gradient in place to a norm of at most <paramref name="limit"/>: torch.nn.utils.clip_grad_norm_.</summary>
    public static void Clip(Span<float> gradient, double limit)
    {
        var norm = Math.Sqrt(WeightNorm.Dot(gradient, gradient));
        var scale = (float)(limit / (norm + 1e-6));
        if (scale >= 1) return;

        foreach (ref var value in gradient)
        {
            value *= scale;
        }
    }

    public void Dispose()
    {
        foreach (var memory in State)
        {
            memory.Dispose();
        }
    }

    private static Span<Vector<float>> Vectors(AlignedMemory memory) => MemoryMarshal.Cast<float, Vector<float>>(memory.Padded);

    private static void Follow(Span<Vector<float>> average, Span<Vector<float>> parameters, float share)
    {
        var part = new Vector<float>(share);
        for (var i = 0; i < average.Length; i++)
        {
            average[i] += (parameters[i] - average[i]) * part;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Adam(Span<Vector<float>> parameters, Span<Vector<float>> gradient, double learningRate)
    {
        var first = Vectors(_moments[0]);
        var second = Vectors(_moments[1]);
        var decoupled = _settings.Kind == OptimizerKind.AdamW;
        var decay = new Vector<float>(decoupled ? 0 : (float)_settings.WeightDecay);
        var keep = new Vector<float>(decoupled ? (float)(1 - (learningRate * _settings.WeightDecay)) : 1);
        var rest1 = new Vector<float>((float)(1 - _settings.Beta1));
        var (beta2, rest2) = (new Vector<float>((float)_settings.Beta2), new Vector<float>((float)(1 - _settings.Beta2)));
        var rate = new Vector<float>((float)(learningRate / (1 - _power1)));
        var (root, eps) = (new Vector<float>((float)Math.Sqrt(1 - _power2)), new Vector<float>((float)_settings.Eps));
        for (var i = 0; i < parameters.Length; i++)
        {
            var g = gradient[i] + (parameters[i] * decay);
            var m = first[i] = first[i] + ((g - first[i]) * rest1);
            var v = second[i] = (second[i] * beta2) + (g * g * rest2);
            parameters[i] = (parameters[i] * keep) - (m * rate / ((Vector.SquareRoot(v) / root) + eps));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sgd(Span<Vector<float>> parameters, Span<Vector<float>> gradient, double learningRate)
    {
        // PyTorch starts the buffer as the first gradient: the same as momentum times zero plus it.
        var buffer = _moments.Length == 0 ? gradient : Vectors(_moments[0]);
        var momentum = new Vector<float>(_moments.Length == 0 ? 0 : (float)_settings.Momentum);
        var (decay, rate) = (new Vector<float>((float)_settings.WeightDecay), new Vector<float>((float)learningRate));
        for (var i = 0; i < parameters.Length; i++)
        {
            var g = gradient[i] + (parameters[i] * decay);
            buffer[i] = _moments.Length == 0 ? g : (buffer[i] * momentum) + g;
            parameters[i] -= buffer[i] * rate;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RmsProp(Span<Vector<float>> parameters, Span<Vector<float>> gradient, double learningRate)
    {
        var squares = Vectors(_moments[0]);
        var buffer = _moments.Length == 1 ? gradient : Vectors(_moments[1]);
        var momentum = new Vector<float>((float)_settings.Momentum);
        var (alpha, rest) = (new Vector<float>((float)RmsPropAlpha), new Vector<float>((float)(1 - RmsPropAlpha)));
        var (decay, rate) = (new Vector<float>((float)_settings.WeightDecay), new Vector<float>((float)learningRate));
        var eps = new Vector<float>((float)_settings.Eps);
        for (var i = 0; i < parameters.Length; i++)
        {
            var g = gradient[i] + (parameters[i] * decay);
            var square = squares[i] = (squares[i] * alpha) + (g * g * rest);
            var direction = g / (Vector.SquareRoot(square) + eps);
            buffer[i] = _moments.Length == 1 ? direction : (buffer[i] * momentum) + direction;
            parameters[i] -= buffer[i] * rate;
        }
    }
}
