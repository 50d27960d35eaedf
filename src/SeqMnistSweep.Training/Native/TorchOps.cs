using static TorchSharp.torch;

namespace SeqMnistSweep.Training.Native;

/// <summary>Operators of libtorch that TorchSharp has no method for, reached through TorchScript: about 4 us a call.</summary>
internal static class TorchOps
{
    // One unit for the process and made outside of any dispose scope: disposing a unit frees nothing, and a scope would end it.
    // TorchScript wants its source at column 0.
    private static readonly jit.CompilationUnit Unit = Compile("""
        def weight_norms(v: List[Tensor], g: List[Tensor]) -> List[Tensor]:
          return [torch._weight_norm(v[i], g[i], 0) for i in range(len(v))]

        def fused_adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], h: Tensor) -> int:
          torch._foreach_add_(steps, 1)
          none: List[Tensor] = []
          torch._fused_adam_(p, g, m, v, none, steps, lr=float(h[0]), beta1=float(h[1]), beta2=float(h[2]), weight_decay=float(h[3]),
            eps=float(h[4]), amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
          return 0

        def fused_adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], h: Tensor) -> int:
          torch._foreach_add_(steps, 1)
          none: List[Tensor] = []
          torch._fused_adamw_(p, g, m, v, none, steps, lr=float(h[0]), beta1=float(h[1]), beta2=float(h[2]), weight_decay=float(h[3]),
            eps=float(h[4]), amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
          return 0
        """);

    /// <summary>Every v scaled to length g per output channel, differentiable in both (Salimans and Kingma 2016). v is [out, in, k], g
    /// [out, 1, 1]. All in one call: each leaves about 300 bytes behind in TorchSharp 0.107, too much for a call per layer and
    /// step.</summary>
    public static Tensor[] WeightNorms(Tensor[] v, Tensor[] g)
    {
        var weights = (Tensor[])Unit.invoke("weight_norms", v, g);
        GC.KeepAlive(v);
        GC.KeepAlive(g);
        return weights;
    }

    /// <summary>One step of PyTorch's fused Adam, or AdamW, on one tensor, in place. <paramref name="step"/> is a float 0-d tensor and goes
    /// up by one first.</summary>
    /// <param name="hyperparameters">float64 on the CPU: lr, beta1, beta2, weight decay, eps. A tensor because TorchSharp 0.107 lets the
    /// garbage collector free number arguments before the call has read them; it showed as a crash in about one of 100,000 calls.</param>
    public static void Adam(bool decoupled, Tensor p, Tensor g, Tensor m, Tensor v, Tensor step, Tensor hyperparameters)
    {
        Tensor[][] lists = [[p], [g], [m], [v], [step]];
        _ = Unit.invoke(decoupled ? "fused_adamw" : "fused_adam", lists[0], lists[1], lists[2], lists[3], lists[4], hyperparameters);
        GC.KeepAlive(lists);
        GC.KeepAlive(hyperparameters);
    }

    private static jit.CompilationUnit Compile(string source)
    {
        TorchLibrary.Load();
        return jit.compile(source + "\n");
    }
}
