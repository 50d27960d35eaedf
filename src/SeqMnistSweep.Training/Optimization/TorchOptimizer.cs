using System.Runtime.InteropServices;
using SeqMnistSweep.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Optimization;

/// <summary>One update rule on a flat parameter buffer of libtorch's, with PyTorch's arithmetic (torch.optim, without amsgrad, nesterov,
/// dampening, centered). All state is in <see cref="State"/> and <see cref="Step"/>; zeros and 0 are the beginning.</summary>
internal sealed class TorchOptimizer : IDisposable
{
    private const double RmsPropAlpha = 0.99;

    private readonly OptimizerSettings _settings;
    private readonly Tensor _parameters;
    private readonly Tensor _step;
    private readonly Tensor _hyperparameters;

    /// <param name="parameters">The leaf to update. Stays the caller's.</param>
    public TorchOptimizer(OptimizerSettings settings, Tensor parameters)
    {
        _settings = settings;
        _parameters = parameters;
        _step = zeros([], dtype: ScalarType.Float32, device: parameters.device).DetachFromDisposeScope();
        _hyperparameters = tensor(new[] { 0, settings.Beta1, settings.Beta2, settings.WeightDecay, settings.Eps }).DetachFromDisposeScope();
        State = [.. settings.StateNames.Select(name => (
            name, zeros(parameters.shape, dtype: parameters.dtype, device: parameters.device).DetachFromDisposeScope()))];
        Moments = [.. State.Take(settings.MomentNames.Count)];
    }

    /// <summary>Shaped as the parameters, under PyTorch's names.</summary>
    public IReadOnlyList<(string Name, Tensor Value)> State { get; }

    /// <summary>The moving average of the parameters; null where there is none, or no step was made.</summary>
    public Tensor? Average => Step > 0 && _settings.Ema > 0 ? State[^1].Value : null;

    private IReadOnlyList<(string Name, Tensor Value)> Moments { get; }

    /// <summary>Steps made.</summary>
    public long Step { get; private set; }

    /// <summary>Goes on after <paramref name="step"/> steps; the moments are set by their own.</summary>
    public void SetStep(long step)
    {
        using var off = no_grad();
        _step.fill_((float)step);
        Step = step;
    }

    /// <summary>Makes one step: updates the parameters in place.</summary>
    /// <param name="gradient">Shaped as the parameters, of the mean loss of the batch; may be changed.</param>
    /// <param name="learningRate">Of this step, 0 or more.</param>
    public void Apply(Tensor gradient, double learningRate)
    {
        using var off = no_grad();
        Step++;
        switch (_settings.Kind)
        {
            case OptimizerKind.Adam or OptimizerKind.AdamW:
                MemoryMarshal.Cast<byte, double>(_hyperparameters.bytes)[0] = learningRate;
                var (first, second) = (Moments[0].Value, Moments[1].Value);
                TorchOps.Adam(_settings.Kind == OptimizerKind.AdamW, _parameters, gradient, first, second, _step, _hyperparameters);
                break;
            case OptimizerKind.Sgd:
                ApplySgd(Decayed(gradient), learningRate);
                break;
            default:
                ApplyRmsProp(Decayed(gradient), learningRate);
                break;
        }

        if (Average is { } average)
        {
            using Scalar share = Step == 1 ? 1 : 1 - _settings.Ema;
            using var way = _parameters.sub(average);
            average.add_(way, alpha: share);
        }
    }

    /// <summary>Scales the gradient in place so that its norm is at most <paramref name="limit"/>: torch.nn.utils.clip_grad_norm_ without
    /// leaving the device.</summary>
    public static void Clip(Tensor gradient, double limit)
    {
        using var off = no_grad();
        using Scalar limitScalar = limit, epsilon = 1e-6, one = 1.0;
        gradient.mul_(gradient.norm().add_(epsilon).reciprocal_().mul_(limitScalar).clamp_(max: one));
    }

    public void Dispose()
    {
        _step.Dispose();
        _hyperparameters.Dispose();
        foreach (var (_, value) in State)
        {
            value.Dispose();
        }
    }

    // Scalars are disposed after use, not left to the garbage collector, which may free one before the call has read it.
    private Tensor Decayed(Tensor gradient)
    {
        using Scalar decay = _settings.WeightDecay;
        return _settings.WeightDecay == 0 ? gradient : gradient.add_(_parameters, alpha: decay);
    }

    private void ApplySgd(Tensor gradient, double learningRate)
    {
        using Scalar momentum = _settings.Momentum, rate = -learningRate;

        // PyTorch starts the buffer as the first gradient: the same as momentum times zero plus it.
        var direction = Moments.Count == 0 ? gradient : Moments[0].Value.mul_(momentum).add_(gradient);
        _parameters.add_(direction, alpha: rate);
    }

    private void ApplyRmsProp(Tensor gradient, double learningRate)
    {
        using Scalar alpha = RmsPropAlpha, rest = 1 - RmsPropAlpha, eps = _settings.Eps;
        using Scalar momentum = _settings.Momentum, rate = -learningRate, one = 1.0;
        var root = Moments[0].Value.mul_(alpha).addcmul_(gradient, gradient, rest).sqrt().add_(eps);
        _ = Moments.Count == 1
            ? _parameters.addcdiv_(gradient, root, rate)
            : _parameters.add_(Moments[1].Value.mul_(momentum).addcdiv_(gradient, root, one), alpha: rate);
    }
}
