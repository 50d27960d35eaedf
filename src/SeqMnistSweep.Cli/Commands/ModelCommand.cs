namespace SeqMnistSweep.Cli.Commands;

internal sealed class ModelCommand : Verb
{
    public ModelCommand(CommonOptions options)
        : base("model", "the network that a trial has trained", "Results",
            ("seqsweep model export tcn-7f3k/17", "its weights as a safetensors file"),
            ("seqsweep model predict tcn-7f3k/17 --input seven.png", "classify images with it"),
            ("seqsweep model verify tcn-7f3k/17", "train it again, and prove that metrics and weights are the same, bit for bit"))
    {
        Add(new ModelExport(options));
        Add(new ModelPredict(options));
        Add(new ModelVerify(options));
    }
}
