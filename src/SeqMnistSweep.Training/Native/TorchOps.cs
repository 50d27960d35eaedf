using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Native;

/// <summary>Operators of libtorch that TorchSharp has no method for, reached through TorchScript: about 4 us a call.</summary>
internal static class TorchOps
{
    // One unit for the process and made outside of any dispose scope: disposing a unit frees nothing, and a scope would end it.
    // TorchScript wants its source at column 0.
    private static readonly jit.CompilationUnit Unit = Compile("""
        def weight_norm(v: Tensor, g: Tensor) -> Tensor:
          return torch._weight_norm(v, g, 0)

        def fused_adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, b1: float, b2: float, wd: float, eps: float) -> int:
          torch._foreach_add_(steps, 1)
          none: List[Tensor] = []
          torch._fused_adam_(p, g, m, v, none, steps, lr=lr, beta1=b1, beta2=b2, weight_decay=wd, eps=eps, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
          return 0

        def fused_adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, b1: float, b2: float, wd: float, eps: float) -> int:
          torch._foreach_add_(steps, 1)
          none: List[Tensor] = []
          torch._fused_adamw_(p, g, m, v, none, steps, lr=lr, beta1=b1, beta2=b2, weight_decay=wd, eps=eps, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
          return 0
        """);

    /// <summary>v scaled to length g per output channel, differentiable in both (Salimans and Kingma 2016). v is [out, in, k], g [out, 1, 1].</summary>
    public static Tensor WeightNorm(Tensor v, Tensor g) => (Tensor)Unit.invoke("weight_norm", v, g);

    /// <summary>One step of PyTorch's fused Adam, or AdamW, on one tensor, in place. <paramref name="step"/> is a float 0-d tensor and goes up by one first.</summary>
    public static void Adam(bool decoupled, Tensor p, Tensor g, Tensor m, Tensor v, Tensor step, double lr, double beta1, double beta2, double weightDecay, double eps) =>
        _ = Unit.invoke(
            decoupled ? "fused_adamw" : "fused_adam",
            new[] { p }, new[] { g }, new[] { m }, new[] { v }, new[] { step }, lr, beta1, beta2, weightDecay, eps);

    private static jit.CompilationUnit Compile(string source)
    {
        TorchLibrary.Load();
        return jit.compile(source + "\n");
    }
}
