namespace SeqMnistSweep.Cli.Console;

/// <summary>The values of <c>-o</c>.</summary>
internal static class OutputFormat
{
    public const string Table = "table";
    public const string Json = "json";
    public const string JsonLines = "jsonl";
    public const string Csv = "csv";

    public static readonly string[] All = [Table, Json, JsonLines, Csv];
}
