namespace SeqMnistSweep.Cli.Exports;

internal enum ColumnKind
{
    Text,
    Integer,
    Real,
}

internal sealed record ExportColumn(string Name, ColumnKind Kind);

/// <summary>What every tabular format writes: columns of one kind each, and rows as they come.</summary>
/// <param name="Rows">Values in the columns' order: null, or a string, long or double by the column's kind, or a parameter's value, which
/// fits it.</param>
internal sealed record ExportTable(IReadOnlyList<ExportColumn> Columns, IAsyncEnumerable<object?[]> Rows);
