namespace SeqMnistSweep.Cli.Commands;

internal sealed class ResumeCommand(CommonOptions options) : SweepActionVerb(
    options,
    "resume",
    "start new trials again after a pause",
    "resumed",
    (sweep, action) => sweep.Resume(action),
    (sweep, head) => $"workers take its trials again; follow it: seqsweep watch {sweep}{head}",
    ("seqsweep resume tcn-7f3k", "goes on where it was paused"));
