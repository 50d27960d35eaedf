namespace SeqMnistSweep.Results;

/// <summary>Primary result codes of SQLite that this project tells apart (https://sqlite.org/rescode.html).</summary>
internal static class SqliteCodes
{
    public const int Busy = 5;
    public const int Locked = 6;
    public const int OutOfMemory = 7;
    public const int ReadOnly = 8;
    public const int Interrupted = 9;
    public const int InputOutput = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int Constraint = 19;
    public const int NotADatabase = 26;

    /// <summary>Whether the error is the file's or the machine's, so that everything in the transaction shares it, and not one
    /// statement's.</summary>
    public static bool IsOfTheWholeFile(int code) =>
        code is Busy or Locked or OutOfMemory or ReadOnly or InputOutput or Corrupt or Full or CannotOpen or NotADatabase;
}
