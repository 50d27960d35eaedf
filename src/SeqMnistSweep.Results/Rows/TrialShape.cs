using System.Reflection;
using System.Text.Json;

namespace SeqMnistSweep.Results.Rows;

/// <summary>The properties of <see cref="TrialRow"/> as columns.</summary>
internal static class TrialShape
{
    private static readonly (string Name, FromAttribute From)[] Columns = [.. typeof(TrialRow).GetProperties().Select(property =>
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        return (name, property.GetCustomAttribute<FromAttribute>() ?? new FromAttribute(name));
    })];

    /// <summary>Names of the columns of the view <c>trials</c>.</summary>
    public static IReadOnlySet<string> ViewColumns { get; } = Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the view <c>trials</c> selects.</summary>
    public static string OfView { get; } = string.Join(", ", Columns.Select(column => $"{column.From.Sql} as {column.Name}"));

    /// <summary>Names by which a table of trials is filtered, sorted and shown, with what they are in SQL.</summary>
    public static IReadOnlyDictionary<string, string> OfTable { get; } =
        Columns.Where(column => !column.From.Hidden).ToDictionary(
            column => column.From.Table ?? column.Name, column => column.From.Sql, StringComparer.Ordinal);
}

/// <summary>Where a property of <see cref="TrialRow"/> comes from. Without one it is the table's column of its own name.</summary>
/// <param name="sql">Over the columns of the table <c>trial</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FromAttribute(string sql) : Attribute
{
    /// <summary>Over the columns of the table <c>trial</c>.</summary>
    public string Sql { get; } = sql;

    /// <summary>Its name in a <c>TrialTable</c>, where that of the view may be a parameter's.</summary>
    public string? Table { get; init; }

    /// <summary>Whether a <c>TrialTable</c> lacks it.</summary>
    public bool Hidden { get; init; }
}
