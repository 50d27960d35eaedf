namespace SeqMnistSweep.Cli.Client;

/// <summary>No head answers: it may be down for a moment, being started again, or be elsewhere.</summary>
internal sealed class HeadUnreachable(Uri head, string why) : CommandError(
    ExitCodes.HeadUnreachable,
    $"no head answers at {head.GetLeftPart(UriPartial.Authority)}: {why}",
    "start one with: seqsweep head   (or name another with --head URL)");
