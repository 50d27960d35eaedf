namespace SeqMnistSweep.Cli.Console;

/// <summary>One thing in full: fields, and tables beneath them, which are arrays in JSON; in CSV the fields alone.</summary>
internal sealed class Details
{
    private readonly List<(string Name, Cell Value)> _fields = [];
    private readonly List<(string Name, TableOutput Table)> _tables = [];

    public void Add(string name, Cell value) => _fields.Add((name, value));

    public void Add(string name, object? value) => Add(name, Cell.Of(value));

    public void Add(string name, TableOutput table) => _tables.Add((name, table));

    public void Write(TextWriter writer, string format, ConsoleProfile profile)
    {
        switch (format)
        {
            case OutputFormat.Json or OutputFormat.JsonLines:
                var json = new JsonObject(_fields.Select(field => KeyValuePair.Create(field.Name, TableOutput.ToJson(field.Value.Value))));
                foreach (var (name, table) in _tables)
                {
                    json[name] = table.ToJson();
                }

                writer.WriteLine(TableOutput.ToText(json, indented: format == OutputFormat.Json));
                break;
            case OutputFormat.Csv:
                TableOutput.Of(["field", "value"], _fields, field => [field.Name, field.Value]).Write(writer, format, profile);
                break;
            default:
                WriteText(writer, profile);
                break;
        }
    }

    private void WriteText(TextWriter writer, ConsoleProfile profile)
    {
        var width = _fields.Max(field => field.Name.Length) + 2;
        foreach (var (name, value) in _fields.Where(field => field.Value.Text.Length > 0))
        {
            writer.WriteLine($"{profile.Bold(profile.IsTerminal ? name.PadRight(width) : name + "\t")}{TableOutput.Plain(value.Text)}");
        }

        foreach (var (name, table) in _tables.Where(table => table.Table.Rows > 0))
        {
            writer.WriteLine();
            writer.WriteLine(profile.Bold(name));
            table.Write(writer, OutputFormat.Table, profile);
        }
    }
}
