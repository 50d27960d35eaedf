using Parquet;
using Parquet.Schema;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>A table as a Parquet file, in row groups of a size that fits memory; every column may have nulls.</summary>
internal static class ParquetExport
{
    private const int GroupRows = 50_000;

    public static async Task WriteAsync(ExportTable table, Stream to)
    {
        var fields = table.Columns.Select(Field).ToList();
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), to);
        var rows = new List<object?[]>();
        await foreach (var row in table.Rows)
        {
            rows.Add(row);
            if (rows.Count == GroupRows)
            {
                await WriteGroupAsync(writer, table, fields, rows);
                rows.Clear();
            }
        }

        if (rows.Count > 0)
        {
            await WriteGroupAsync(writer, table, fields, rows);
        }
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, ExportTable table, List<DataField> fields, List<object?[]> rows)
    {
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < fields.Count; i++)
        {
            await (table.Columns[i].Kind switch
            {
                ColumnKind.Integer => group.WriteAsync<long>(fields[i], rows.Select(row => (long?)row[i]).ToArray()),
                ColumnKind.Real => group.WriteAsync<double>(fields[i], rows.Select(row => (double?)row[i]).ToArray()),
                _ => group.WriteAsync(fields[i], rows.Select(row => (string)row[i]!).ToList()),
            });
        }
    }

    private static DataField Field(ExportColumn column) => column.Kind switch
    {
        ColumnKind.Integer => new DataField<long?>(column.Name),
        ColumnKind.Real => new DataField<double?>(column.Name),
        _ => new DataField<string>(column.Name),
    };
}
