namespace SeqMnistSweep.SearchSpaces;

/// <summary>The named dimensions of a sweep with the rules between them, in the file's order.</summary>
public sealed class SearchSpace
{
}
