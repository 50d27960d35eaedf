namespace SeqMnistSweep.Cli.Commands;

internal sealed class PauseCommand(CommonOptions options) : SweepActionVerb(
    options,
    "pause",
    "start no new trials; those that run go on",
    "paused",
    (sweep, action) => sweep.Pause(action),
    (sweep, head) => $"running trials go on to their end; to start others again: seqsweep resume {sweep}{head}",
    ("seqsweep pause tcn-7f3k", "until: seqsweep resume tcn-7f3k"),
    ("seqsweep pause @last --reason \"demo at ten\"", "the reason stands in its events"));
