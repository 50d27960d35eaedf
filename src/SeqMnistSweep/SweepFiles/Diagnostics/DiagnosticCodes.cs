namespace SeqMnistSweep.SweepFiles.Diagnostics;

/// <summary>Every code that a sweep file's findings can carry. The codes are a contract: they are never given a second meaning.</summary>
internal static class DiagnosticCodes
{
    private static readonly List<(string Code, string Meaning)> Rows = [];

    public static readonly string NotYaml = Code("W001", "The text is not YAML.");
    public static readonly string Empty = Code("W002", "The file says nothing.");
    public static readonly string NotAMapping = Code("W003", "The file is not a mapping of keys to values.");
    public static readonly string SeveralDocuments = Code("W004", "The file holds more than one YAML document.");
    public static readonly string DuplicateKey = Code("W005", "A key occurs twice in one mapping.");
    public static readonly string UnclosedBracket = Code("W006", "A `[` or `{` is never closed.");
    public static readonly string UnclosedQuote = Code("W007", "A quote is never closed, or only on a later line.");
    public static readonly string Alias = Code("W008", "An alias `*name` refers to no anchor before it, or to what it stands in.");
    public static readonly string MergeKey = Code("W009", "`<<` is given something other than a mapping or a list of mappings.");
    public static readonly string TooLarge = Code("W010", "The file or one of its texts is too large.");
    public static readonly string TooDeep = Code("W011", "The nesting is too deep.");
    public static readonly string Tab = Code("W012", "A tab is used to indent.");
    public static readonly string AliasExpansion = Code("W013", "Aliases multiply the file beyond reason.");
    public static readonly string Tag = Code("W014", "A YAML tag `!...` is used that means nothing here.");
    public static readonly string KeyIsNoText = Code("W015", "A key is a list or a mapping.");
    public static readonly string Character = Code("W016",
        "A character that YAML does not allow: NUL, a control character, or bytes that are not UTF-8.");

    public static readonly string UnknownKey = Code("W101", "An unknown key, or a parameter that the program does not have.");
    public static readonly string WrongType = Code("W102", "A value is of the wrong type.");
    public static readonly string Missing = Code("W103", "A required key is missing.");
    public static readonly string Contradiction = Code("W104", "Keys that exclude each other.");
    public static readonly string NotAChoice = Code("W105", "A value is not one of those that the key takes.");
    public static readonly string OutOfRange = Code("W106", "A number is outside of its range.");
    public static readonly string BadName = Code("W107", 
        "A name that is empty, has characters that names do not have, or is not for you to give.");
    public static readonly string MinMax = Code("W110", "`min` is not below `max`, or one of them is not possible for the distribution.");
    public static readonly string NoValues = Code("W111", "`values` is empty.");
    public static readonly string Probabilities = Code("W112", "`probabilities` do not fit: one for each value, none negative, sum 1.");
    public static readonly string Shape = Code("W113", "`q`, `sigma`, `a` or `b` is not possible.");
    public static readonly string NotAccepted = Code("W114",
        "A value, or the end of a range, is not accepted by the program's parameter; or an enqueued text where the space has numbers.");
    public static readonly string ContinuousGrid = Code("W115", "`grid` cannot enumerate a continuous range.");
    public static readonly string Quantity = Code("W116", "A duration or a size is not understood.");
    public static readonly string PathConflict = Code("W117", "A nested parameter and another one have the same path.");
    public static readonly string Method = Code("W120", "Unknown `method`.");
    public static readonly string Pruner = Code("W122", "Unknown `early_terminate.type`.");
    public static readonly string SeedTwice = Code("W124", "`seeds` and a parameter `seed` are both given.");
    public static readonly string Metric = Code("W125", "The program does not report this metric.");
    public static readonly string Version = Code("W126", "`version` is not one that this program reads.");

    public static readonly string MetricsPattern = Code("W127", "A `metrics_pattern` that cannot be used.");

    public static readonly string Expression = Code("W201", "An expression cannot be read.");
    public static readonly string UnknownName = Code("W202", "An expression or a message uses an unknown name.");
    public static readonly string Evaluation = Code("W203", "An expression cannot be computed for a point of the space.");
    public static readonly string NothingFeasible = Code("W204", "No configuration satisfies the constraints.");
    public static readonly string Zip = Code("W205", "`zip` names parameters that cannot move together.");
    public static readonly string When = Code("W206", "`when` names no other parameter, or parameters wait for each other.");
    public static readonly string Enqueue = Code("W207", "An enqueued point is incomplete or does not fit the space.");
    public static readonly string EnqueueInfeasible = Code("W208", "An enqueued point breaks a constraint.");
    public static readonly string GridTooLarge = Code("W209", "The grid has too many points.");
    public static readonly string DerivedName = Code("W210", "A derived value has the name of a parameter.");

    public static readonly string YesNo = Code("W301", "`yes`, `no`, `on` and `off` are text, not true or false.");
    public static readonly string Endless = Code("W302", "A random search without an end.");
    public static readonly string FewFeasible = Code("W303", "Less than 1 % of the space is feasible.");
    public static readonly string Ignored = Code("W304", "A key of W&B that means nothing here is ignored.");
    public static readonly string Exponents = Code("W305", "`log_uniform` takes exponents of e.");
    public static readonly string Repeated = Code("W306",
        "A value of a list, or a row of a zip, occurs twice, and the grid tries it once; or a point is enqueued twice, and is tried twice.");
    public static readonly string ReceptiveField = Code("W307", "Some configurations do not see the whole sequence.");
    public static readonly string Minimised = Code("W308",
        "A metric that is better when larger, such as an accuracy, is minimised, by W&B's default `goal`.");
    public static readonly string OutsideRange = Code("W309", "Rounding to `q` draws values outside of `min` and `max`, as in W&B.");
    public static readonly string WithoutMetric = Code("W310",
        "There is no `metric`: trials run, and are ranked only where the program reports `loss`.");
    public static readonly string MaxLeftOut = Code("W311", "A grid over `q_uniform` leaves `max` out.");
    public static readonly string ZeroOrOne = Code("W312", "`min: 0, max: 1` are integers: only 0 and 1 are drawn.");
    public static readonly string UnknownMacro = Code("W313", "An unknown macro in `command` expands to nothing.");
    public static readonly string Renamed = Code("W314",
        "The name has characters that a sweep's id cannot have, or too many; it is made plain.");
    public static readonly string NumberAsText = Code("W315", "A text looks like a number, as `1_000` does.");
    public static readonly string BeyondRunCap = Code("W316", "More points are enqueued than `run_cap` lets run.");

    public static readonly string Idle = Code("W317", "A setting of `early_terminate` does nothing beside the others.");
    public static readonly string SeedUnheard = Code("W318", "`seeds` are counted, and the command does not give the program its seed.");

    public static readonly string MetricNotFound = Code("W319", "`metrics_pattern` has no group for the metric.");
    public static readonly string UnknownAtTop = Code("W320", "A key of the file that is like none that means something is ignored.");

    public static readonly string WandbRefuses = Code("W401", "`--wandb`: W&B's schema refuses this.");
    public static readonly string WandbReads = Code("W402", "`--wandb`: W&B's YAML reads this scalar as something else.");
    public static readonly string WandbDiffers = Code("W403", "`--wandb`: W&B does something else here.");

    /// <summary>Code and meaning, in the order of the codes.</summary>
    public static IReadOnlyList<(string Code, string Meaning)> All => Rows;

    private static string Code(string code, string meaning)
    {
        Rows.Add((code, meaning));
        return code;
    }
}
