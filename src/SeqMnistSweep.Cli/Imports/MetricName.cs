namespace SeqMnistSweep.Cli.Imports;

/// <summary>Whether a column is a metric by its name: a table of W&amp;B's has them beside the parameters, and does not say which is
/// which.</summary>
internal static class MetricName
{
    private static readonly string[] Groups =
    [
        "train", "training", "val", "valid", "validation", "test", "eval", "best", "final", "time", "system", "gradients", "parameters",
        "losses", "metrics", "rollout", "charts", "perf",
    ];

    private static readonly string[] Measures =
    [
        "loss", "acc", "accuracy", "f1", "auc", "auroc", "map", "map50", "ap", "miou", "iou", "dice", "recall", "perplexity", "ppl",
        "bleu", "rouge", "wer", "cer", "reward", "return", "score", "error", "err", "rmse", "mae", "mse", "r2", "nll", "elbo", "psnr",
        "ssim", "fid", "runtime", "epoch", "step", "iteration", "timestamp", "top1", "top5",
    ];

    private static readonly string[] Kinds = ["min", "max", "mean", "avg", "std", "best", "last", "final", "epoch", "step"];

    public static bool Is(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal) && Groups.Contains(name.Split('/')[0].ToLowerInvariant())) return true;

        var words = name.ToLowerInvariant().Split(['_', '/', '.', '-', ' ', '@'], StringSplitOptions.RemoveEmptyEntries);
        while (words.Length > 1 && Kinds.Contains(words[^1]))
        {
            words = words[..^1];
        }

        return words.Length > 0 && Measures.Contains(words[^1]);
    }
}
