using SeqMnistSweep.Cli.Exports;
using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>How a tool writes its tables of trials: which columns are parameters, and which rows are results.</summary>
/// <param name="State">The column that says how a trial ended; null without one.</param>
/// <param name="Prefixes">Before the name of a parameter. Where there are any, only columns with one of them are parameters.</param>
/// <param name="Separator">Between the names of nested parameters.</param>
/// <param name="Own">Columns of the tool's own.</param>
internal sealed record TableDialect(
    string? State, IReadOnlyList<string> Prefixes, char Separator, IReadOnlySet<string> Own)
{
    /// <summary>Where a run is named, in any tool's table.</summary>
    public static readonly string[] Names = ["Name", "name", "trial_id", "run", "run_name", "run_id", "ID", "id", "trial", "number"];

    private static readonly string[] States = ["state", "State", "status", "Status"];

    private static readonly HashSet<string> Results = new(StringComparer.OrdinalIgnoreCase)
        { "completed", "complete", "finished", "success", "succeeded", "terminated", "done", "true" };

    private static readonly HashSet<string> Crashes = new(StringComparer.OrdinalIgnoreCase)
        { "failed", "fail", "error", "errored", "crashed", "crash", "timeout", "lost" };

    private static readonly HashSet<string> NoResults = new(StringComparer.OrdinalIgnoreCase)
    {
        "killed", "running", "waiting", "pending", "queued", "leased", "paused", "cancelled", "canceled", "stopped", "aborted",
        "interrupted", "preempted", "preempting", "pruned", "false",
    };

    private static readonly HashSet<string> OfOptuna = ["number", "datetime_start", "datetime_complete", "duration"];

    private static readonly HashSet<string> OfRay =
    [
        "trial_id", "training_iteration", "done", "status", "timestamp", "date", "time_this_iter_s", "time_total_s", "pid", "hostname",
        "node_ip", "time_since_restore", "iterations_since_restore", "timesteps_since_restore", "timesteps_total", "episodes_total",
        "experiment_id", "experiment_tag", "checkpoint_dir_name", "should_checkpoint", "warmup_time", "logdir", "trial_name",
        "trial_log_path",
    ];

    private static readonly HashSet<string> OfWandb =
    [
        "Name", "State", "ID", "Notes", "User", "Tags", "Created", "Runtime", "Sweep", "Group", "Job Type", "Hostname", "Host", "Commit",
        "GitHub", "Git", "Updated", "End Time", "Description", "Agent", "CLI Version", "Python Version", "OS", "GPU Type", "GPU Count",
        "name", "id", "state", "user", "tags", "notes", "created_at", "createdAt", "heartbeatAt", "url", "path", "project", "entity",
        "sweep", "sweep_id", "group", "job_type", "display_name", "metadata",
    ];

    private static readonly HashSet<string> Nothing = [];

    /// <summary>Whether text stands in quotes wherever it could be read as something else.</summary>
    public bool TypesByQuotes { get; private init; }

    /// <summary>Columns that are metrics by their look where nothing says what is a parameter.</summary>
    public IReadOnlySet<string> Measured { get; private init; } = Nothing;

    /// <summary>Where a run's beginning, its end, and its seconds stand.</summary>
    public (string[] Begin, string[] End, string[] Seconds) Times { get; private init; } = ([], [], []);

    /// <summary>Whether a null of JSON is a parameter's value, and not one that is not there.</summary>
    public bool HasNulls => Prefixes is ["config." or "config/"];

    private bool IsWandb => ReferenceEquals(Own, OfWandb);

    /// <summary>By the columns that only one tool writes.</summary>
    public static TableDialect Of(ForeignTable table)
    {
        var head = table.Head.ToHashSet(StringComparer.Ordinal);
        if (head.Contains("trial") && head.Contains("configuration") && head.Contains("state") && head.Contains("origin"))
        {
            return new TableDialect("state", [], '.', SweepExport.OwnColumns.ToHashSet())
            {
                TypesByQuotes = true, Times = (["started"], ["finished"], []),
            };
        }

        if (head.Contains("state") && (head.Contains("datetime_start") || head.Any(Begins("params_"))))
        {
            return new TableDialect("state", ["params_"], '.', OfOptuna) { Times = (["datetime_start"], ["datetime_complete"], []) };
        }

        if (head.Any(Begins("config/")) || head.Contains("training_iteration")) return OfRayTune(table, head);

        if ((head.Contains("Name") && head.Contains("State")) || head.Any(Begins("config."))) return OfWandbRuns(table, head);

        var state = States.FirstOrDefault(head.Contains);
        return new TableDialect(state is not null && IsState(table, state) ? state : null, [], '.', Nothing);
    }

    /// <summary>Of a trial's best row, or its last one, <c>done</c> says nothing where it is true of none.</summary>
    private static TableDialect OfRayTune(ForeignTable table, HashSet<string> head)
    {
        var end = head.Contains("status") ? "status"
            : head.Contains("done") && table.Rows.Any(row => IsTrue(row[table.Require("done")].Text)) ? "done"
            : null;
        return new TableDialect(end, ["config/"], '/', OfRay) { Times = ([], ["timestamp"], ["time_total_s"]) };
    }

    private static TableDialect OfWandbRuns(ForeignTable table, HashSet<string> head)
    {
        var prefixes = head.Any(Begins("config.")) ? (string[])["config."] : [];
        return new TableDialect(head.Contains("State") ? "State" : head.Contains("state") ? "state" : null, prefixes, '.', OfWandb)
        {
            Measured = prefixes.Length > 0 ? Nothing : [.. table.Head.Where((name, i) => MetricName.Is(name) && table.IsNumeric(i))],
            Times = (["Created", "created_at", "createdAt"], ["End Time"], ["Runtime", "_runtime", "summary._runtime"]),
        };
    }

    /// <summary>The parameter that a column has; null where it has none.</summary>
    /// <param name="space">Null where it is not known.</param>
    public string? Parameter(string column, SearchSpace? space)
    {
        if (column.Length == 0 || column == State || Own.Contains(column)) return null;

        if (Prefixes.Count > 0)
        {
            return Prefixes.FirstOrDefault(prefix => Begins(prefix)(column)) is { } prefix
                ? Dotted(column[prefix.Length..], space)
                : null;
        }

        if (Begins(TrialTable.MetricPrefix)(column) || column.StartsWith("Unnamed: ", StringComparison.Ordinal)) return null;

        var name = Begins(TrialTable.ParameterPrefix)(column) ? column[TrialTable.ParameterPrefix.Length..] : column;
        return IsWandb && (column[0] == '_' || (space is null ? Measured.Contains(column) : !IsOf(space, name))) ? null : name;
    }

    /// <summary>The metric that a column has which has no parameter, if it has numbers; null for one of the tool's own.</summary>
    public string? Metric(string column)
    {
        var name = Begins("summary.")(column) ? column["summary.".Length..]
            : Begins(TrialTable.MetricPrefix)(column) ? column[TrialTable.MetricPrefix.Length..]
            : column;
        return name.Length == 0 || column == State || Own.Contains(column) || (IsWandb && name[0] == '_')
            || column.StartsWith("Unnamed: ", StringComparison.Ordinal) || Begins("user_attrs_")(column) || Begins("system_attrs_")(column)
            ? null
            : name;
    }

    /// <summary>How a run ended, by the word that a tool has for it.</summary>
    public static RunEnd EndOf(string word) =>
        Results.Contains(word) ? RunEnd.Finished
        : Crashes.Contains(word) ? RunEnd.Crashed
        : word.Equals("pruned", StringComparison.OrdinalIgnoreCase) ? RunEnd.Pruned
        : RunEnd.Stopped;

    public static bool IsOf(SearchSpace space, string name) => space.Find(name) is not null || space.Trainable.Find(name) is not null;

    private string Dotted(string name, SearchSpace? space) =>
        space is not null && IsOf(space, name) ? name : name.Replace(Separator, '.');

    private static bool IsState(ForeignTable table, string column)
    {
        var at = table.Require(column);
        return table.Rows.Count > 0 && table.Rows.All(row =>
            Results.Contains(row[at].Text) || Crashes.Contains(row[at].Text) || NoResults.Contains(row[at].Text));
    }

    private static bool IsTrue(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static Func<string, bool> Begins(string prefix) => name => name.StartsWith(prefix, StringComparison.Ordinal);
}
