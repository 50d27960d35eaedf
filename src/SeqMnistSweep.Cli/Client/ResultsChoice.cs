namespace SeqMnistSweep.Cli.Client;

/// <summary>Where a command reads results: from a file, or through a head. One of the nested records, no other.</summary>
internal abstract record ResultsChoice
{
    private ResultsChoice()
    {
    }

    /// <summary>
    /// <c>--db</c> wins, then <c>--head</c> or SEQSWEEP_HEAD; without any of them the file of this folder, else the head of this
    /// machine if one answers.
    /// </summary>
    /// <param name="file">The database that <c>--db</c> names, or its default.</param>
    /// <param name="head">The head that <c>--head</c> or SEQSWEEP_HEAD names, or the default.</param>
    public static ResultsChoice Of(string file, bool fileNamed, bool fileExists, Uri head, bool headNamed) =>
        (fileNamed, headNamed, fileExists) switch
    {
        (true, _, _) => new File(file),
        (_, true, _) => new Head(head),
        (_, _, true) => new File(file),
        _ => new HeadIfAny(head, file),
    };

    public sealed record File(string Path) : ResultsChoice;

    public sealed record Head(Uri Address) : ResultsChoice;

    /// <param name="Missing">The file that would have been read.</param>
    public sealed record HeadIfAny(Uri Address, string Missing) : ResultsChoice;
}
