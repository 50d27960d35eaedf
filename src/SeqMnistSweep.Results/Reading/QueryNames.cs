using System.Text.RegularExpressions;
using Dapper;

namespace SeqMnistSweep.Results.Reading;

/// <summary>What a query that names no view or column of that name probably meant.</summary>
internal static partial class QueryNames
{
    /// <param name="position">Where SQLite stopped; null where it does not say.</param>
    /// <returns>Null where nothing is like it.</returns>
    public static string? Nearest(string path, string sql, int? position) => ReadConnection.Read(path, connection =>
    {
        var views = connection.Query<string>("select name from sqlite_schema where type = 'view' order by name").AsList();
        var unknown = Sources().Matches(sql).Select(match => match.Groups[1].Value).Where(name => !views.Contains(name));
        if (unknown.Select(name => NearestName.Of(name, views)).FirstOrDefault(near => near is not null) is { } view)
        {
            return $"did you mean '{view}'? The views are: {string.Join(", ", views)}";
        }

        if (position is not { } at || at >= sql.Length || Word().Match(sql, at) is not { Success: true } word) return null;

        var columns = views.SelectMany(
            name => connection.Query<string>("select name from pragma_table_info(@name)", new { name })).Distinct();
        return NearestName.Of(word.Value, columns) is { } column ? $"did you mean '{column}'?" : null;
    });

    [GeneratedRegex(@"\b(?:from|join)\s+([A-Za-z_]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Sources();

    [GeneratedRegex("[A-Za-z_]+")]
    private static partial Regex Word();
}
