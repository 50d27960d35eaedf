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
            var values = rows.Select(row => Plain(row[i], table.Columns[i].Kind));
            await (table.Columns[i].Kind switch
            {
                ColumnKind.Integer => group.WriteAsync<long>(fields[i], values.Cast<long?>().ToArray()),
                ColumnKind.Real => group.WriteAsync<double>(fields[i], values.Cast<double?>().ToArray()),
                _ => group.WriteAsync(fields[i], values.Cast<string>().ToList()),
            });
        }
    }

    private static object? Plain(object? value, ColumnKind kind) => (value, kind) switch
    {
        (ParameterValue { Kind: ParameterKind.Null }, _) => null,
        (ParameterValue whole, ColumnKind.Integer) => whole.AsInteger(),
        (ParameterValue real, ColumnKind.Real) => real.AsReal(),
        (ParameterValue other, _) => other.ToString(),
        _ => value,
    };

    private static DataField Field(ExportColumn column) => column.Kind switch
    {
        ColumnKind.Integer => new DataField<long?>(column.Name),
        ColumnKind.Real => new DataField<double?>(column.Name),
        _ => new DataField<string>(column.Name),
    };
}
