namespace SeqMnistSweep.Cli.Commands;

internal sealed class StopCommand(CommonOptions options) : SweepActionVerb(
    options,
    "stop",
    "let running trials end, then end the sweep",
    "stopping",
    (sweep, action) => sweep.Stop(action),
    (sweep, head) => $"no new trial starts; it ends with those that run; to end them too: seqsweep cancel {sweep}{head}",
    ("seqsweep stop tcn-7f3k", "keeps what its running trials still find"),
    ("seqsweep stop @last --reason \"good enough\"", "the reason stands in its events"));
