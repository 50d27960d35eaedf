namespace SeqMnistSweep.Results;

/// <summary>A trial's columns as values of a statement.</summary>
internal sealed class TrialValues : ITrialColumns
{
    private readonly List<(string Name, object? Value)> _values = new(32);

    private TrialValues()
    {
    }

    /// <summary>The table's columns in the order of <see cref="TrialColumns"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Of(TrialRecord.Blank).Select(value => value.Name)];

    /// <summary>The same with commas between them.</summary>
    public static string Columns { get; } = string.Join(", ", Names);

    public static List<(string Name, object? Value)> Of(TrialRecord trial)
    {
        var values = new TrialValues();
        TrialColumns.Pass(values, trial);
        return values._values;
    }

    public static List<(string Name, object? Value)> OfChanging(TrialRecord trial)
    {
        var values = new TrialValues();
        TrialColumns.PassChanging(values, trial);
        return values._values;
    }

    public int Integer(string column, int value) => Add(column, value, value);

    public long Long(string column, long value) => Add(column, value, value);

    public int? OptionalInteger(string column, int? value) => Add(column, value, value);

    public double? Real(string column, double? value) => Add(column, value, value);

    public bool Flag(string column, bool value) => Add(column, value, value);

    public string? Text(string column, string? value) => Add(column, value, value);

    public string? Name(string column, string? value) => Add(column, value, value);

    public T? Choice<T>(string column, T? value)
        where T : struct, Enum => Add(column, value, value?.ToName());

    public DateTimeOffset? Time(string column, DateTimeOffset? value) =>
        Add(column, value, value is { } time ? Timestamp.Format(time) : null);

    public ParameterSet Parameters(string column, ParameterSet value) => Add(column, value, value.ToJson());

    public CheckpointFile? Checkpoint(string column, CheckpointFile? value)
    {
        Add(column + "_epoch", value, value?.Epoch);
        Add(column + "_batch", value, value?.Batch);
        Add(column + "_digest", value, value?.Digest);
        Add(column + "_bytes", value, value?.Bytes);
        return Add(column + "_name", value, value?.Name);
    }

    public CheckpointFile? KeptCheckpoint(CheckpointFile? value) => value;

    private T Add<T>(string column, T value, object? stored)
    {
        _values.Add((column, stored));
        return value;
    }
}
