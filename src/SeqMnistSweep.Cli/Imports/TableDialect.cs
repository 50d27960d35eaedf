using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>How a tool writes its tables of trials: which columns are parameters, and which rows are results.</summary>
/// <param name="State">The column that says how a trial ended; null without one.</param>
/// <param name="Prefixes">Before the name of a parameter. Where there are any, only columns with one of them are parameters.</param>
/// <param name="Separator">Between the names of nested parameters.</param>
/// <param name="NoParameters">Columns of the tool's own.</param>
/// <param name="TypesByQuotes">Whether text stands in quotes wherever it could be read as something else.</param>
internal sealed record TableDialect(
    string? State, IReadOnlyList<string> Prefixes, char Separator, IReadOnlySet<string> NoParameters, bool TypesByQuotes = false)
{
    private static readonly HashSet<string> Results = new(StringComparer.OrdinalIgnoreCase)
        { "completed", "complete", "finished", "success", "succeeded", "terminated", "done", "true" };

    private static readonly HashSet<string> NoResults = new(StringComparer.OrdinalIgnoreCase)
    {
        "failed", "fail", "error", "errored", "crashed", "crash", "killed", "running", "pruned", "waiting", "pending", "queued", "leased",
        "paused", "cancelled", "canceled", "stopped", "aborted", "interrupted", "timeout", "preempted", "preempting", "lost", "false",
    };

    private static readonly HashSet<string> Nothing = [];

    private static readonly HashSet<string> OfWandb =
    [
        "Name", "State", "ID", "Notes", "User", "Tags", "Created", "Runtime", "Sweep", "Group", "Job Type", "Hostname", "Host", "Commit",
        "GitHub", "Git", "Updated", "End Time", "Description", "Agent", "CLI Version", "Python Version", "OS", "GPU Type", "GPU Count",
    ];

    /// <summary>By the columns that only one tool writes.</summary>
    public static TableDialect Of(ForeignTable table)
    {
        var head = table.Head.ToHashSet(StringComparer.Ordinal);
        if (head.Contains("trial") && head.Contains("configuration") && head.Contains("state") && head.Contains("origin"))
        {
            return new TableDialect("state", [], '.', SweepExport.OwnColumns.ToHashSet(), TypesByQuotes: true);
        }

        if (head.Contains("state") && (head.Contains("datetime_start") || head.Any(Begins("params_"))))
        {
            return new TableDialect("state", ["params_"], '.', Nothing);
        }

        if (head.Any(Begins("config/")))
        {
            return new TableDialect(First("status", "done"), ["config/"], '/', Nothing);
        }

        if (head.Contains("Name") && head.Contains("State"))
        {
            return new TableDialect("State", head.Any(Begins("config.")) ? ["config."] : [], '.', OfWandb);
        }

        var state = First("state", "State", "status", "Status");
        return new TableDialect(state is not null && IsState(table, state) ? state : null, [], '.', Nothing);

        string? First(params string[] names) => names.FirstOrDefault(head.Contains);
    }

    /// <summary>The parameter that a column has; null where it has none.</summary>
    /// <param name="space">Null where it is not known.</param>
    public string? Parameter(string column, SearchSpace? space)
    {
        if (column.Length == 0 || column == State || NoParameters.Contains(column)) return null;

        if (Prefixes.Count > 0)
        {
            return Prefixes.FirstOrDefault(prefix => Begins(prefix)(column)) is { } prefix
                ? Dotted(column[prefix.Length..], space)
                : null;
        }

        if (Begins(TrialTable.MetricPrefix)(column) || column.StartsWith("Unnamed: ", StringComparison.Ordinal)) return null;

        var name = Begins(TrialTable.ParameterPrefix)(column) ? column[TrialTable.ParameterPrefix.Length..] : column;
        return ReferenceEquals(NoParameters, OfWandb) && (column[0] == '_' || (space is not null && !IsOf(space, name))) ? null : name;
    }

    /// <summary>Why a row is no result; null where it is one.</summary>
    public static string? WhyNoResult(string state) => Results.Contains(state) ? null : state.Length == 0 ? "no state" : state;

    public static bool IsOf(SearchSpace space, string name) => space.Find(name) is not null || space.Trainable.Find(name) is not null;

    private string Dotted(string name, SearchSpace? space) =>
        space is not null && IsOf(space, name) ? name : name.Replace(Separator, '.');

    private static bool IsState(ForeignTable table, string column)
    {
        var at = table.Require(column);
        return table.Rows.Count > 0 && table.Rows.All(row => Results.Contains(row[at].Text) || NoResults.Contains(row[at].Text));
    }

    private static Func<string, bool> Begins(string prefix) => name => name.StartsWith(prefix, StringComparison.Ordinal);
}
