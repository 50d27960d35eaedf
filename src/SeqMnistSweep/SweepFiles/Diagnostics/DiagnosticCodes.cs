namespace SeqMnistSweep.SweepFiles.Diagnostics;

/// <summary>Every code that a sweep file's findings can carry. The codes are a contract: they are never given a second meaning.</summary>
internal static class DiagnosticCodes
{
    public const string NotYaml = "W001";
    public const string Empty = "W002";
    public const string NotAMapping = "W003";
    public const string SeveralDocuments = "W004";
    public const string DuplicateKey = "W005";
    public const string UnclosedBracket = "W006";
    public const string UnclosedQuote = "W007";
    public const string Alias = "W008";
    public const string MergeKey = "W009";
    public const string TooLarge = "W010";
    public const string TooDeep = "W011";
    public const string Tab = "W012";
    public const string AliasExpansion = "W013";
    public const string Tag = "W014";
    public const string KeyIsNoText = "W015";
    public const string Character = "W016";

    public const string UnknownKey = "W101";
    public const string WrongType = "W102";
    public const string Missing = "W103";
    public const string Contradiction = "W104";
    public const string NotAChoice = "W105";
    public const string OutOfRange = "W106";
    public const string BadName = "W107";
    public const string MinMax = "W110";
    public const string NoValues = "W111";
    public const string Probabilities = "W112";
    public const string Shape = "W113";
    public const string NotAccepted = "W114";
    public const string ContinuousGrid = "W115";
    public const string Quantity = "W116";
    public const string PathConflict = "W117";
    public const string Method = "W120";
    public const string Pruner = "W122";
    public const string SeedTwice = "W124";
    public const string Metric = "W125";
    public const string Version = "W126";

    public const string Expression = "W201";
    public const string UnknownName = "W202";
    public const string Evaluation = "W203";
    public const string NothingFeasible = "W204";
    public const string Zip = "W205";
    public const string When = "W206";
    public const string Enqueue = "W207";
    public const string EnqueueInfeasible = "W208";
    public const string GridTooLarge = "W209";
    public const string DerivedName = "W210";

    public const string YesNo = "W301";
    public const string Endless = "W302";
    public const string FewFeasible = "W303";
    public const string Ignored = "W304";
    public const string Exponents = "W305";
    public const string Repeated = "W306";
    public const string ReceptiveField = "W307";
    public const string Minimised = "W308";
    public const string OutsideRange = "W309";
    public const string WithoutMetric = "W310";
    public const string MaxLeftOut = "W311";
    public const string ZeroOrOne = "W312";
    public const string UnknownMacro = "W313";
    public const string Renamed = "W314";

    public const string WandbRefuses = "W401";
    public const string WandbReads = "W402";
    public const string WandbDiffers = "W403";

    /// <summary>Code and meaning, in the order of the codes.</summary>
    public static ImmutableArray<(string Code, string Meaning)> All { get; } =
    [
        (NotYaml, "The text is not YAML."),
        (Empty, "The file says nothing."),
        (NotAMapping, "The file is not a mapping of keys to values."),
        (SeveralDocuments, "The file holds more than one YAML document."),
        (DuplicateKey, "A key occurs twice in one mapping."),
        (UnclosedBracket, "A `[` or `{` is never closed."),
        (UnclosedQuote, "A quote is never closed, or only on a later line."),
        (Alias, "An alias `*name` refers to no anchor before it, or to what it stands in."),
        (MergeKey, "`<<` is given something other than a mapping or a list of mappings."),
        (TooLarge, "The file or one of its texts is too large."),
        (TooDeep, "The nesting is too deep."),
        (Tab, "A tab is used to indent."),
        (AliasExpansion, "Aliases multiply the file beyond reason."),
        (Tag, "A YAML tag `!...` is used that means nothing here."),
        (KeyIsNoText, "A key is a list or a mapping."),
        (Character, "A character that YAML does not allow: NUL, a control character, or bytes that are not UTF-8."),
        (UnknownKey, "An unknown key, or a parameter that the program does not have."),
        (WrongType, "A value is of the wrong type."),
        (Missing, "A required key is missing."),
        (Contradiction, "Keys that exclude each other."),
        (NotAChoice, "A value is not one of those that the key takes."),
        (OutOfRange, "A number is outside of its range."),
        (BadName, "A name with characters that names do not have."),
        (MinMax, "`min` is not below `max`, or one of them is not possible for the distribution."),
        (NoValues, "`values` is empty."),
        (Probabilities, "`probabilities` do not fit: one for each value, none negative, sum 1."),
        (Shape, "`q`, `sigma`, `a` or `b` is not possible."),
        (NotAccepted, "A value, or the end of a range, is not accepted by the program's parameter."),
        (ContinuousGrid, "`grid` cannot enumerate a continuous range."),
        (Quantity, "A duration or a size is not understood."),
        (PathConflict, "A nested parameter and another one have the same path."),
        (Method, "Unknown `method`."),
        (Pruner, "Unknown `early_terminate.type`."),
        (SeedTwice, "`seeds` and a parameter `seed` are both given."),
        (Metric, "The program does not report this metric."),
        (Version, "`version` is not one that this program reads."),
        (Expression, "An expression cannot be read."),
        (UnknownName, "An expression or a message uses an unknown name."),
        (Evaluation, "An expression cannot be computed for a point of the space."),
        (NothingFeasible, "No configuration satisfies the constraints."),
        (Zip, "`zip` names parameters that cannot move together."),
        (When, "`when` names no other parameter, or parameters wait for each other."),
        (Enqueue, "An enqueued point is incomplete or does not fit the space."),
        (EnqueueInfeasible, "An enqueued point breaks a constraint."),
        (GridTooLarge, "The grid has too many points."),
        (DerivedName, "A derived value has the name of a parameter."),
        (YesNo, "`yes`, `no`, `on` and `off` are text, not true or false."),
        (Endless, "A random search without an end."),
        (FewFeasible, "Less than 1 % of the space is feasible."),
        (Ignored, "A key of W&B that means nothing here is ignored."),
        (Exponents, "`log_uniform` takes exponents of e."),
        (Repeated, "A value occurs twice in `values`; the grid tries it once."),
        (ReceptiveField, "Some configurations do not see the whole sequence."),
        (Minimised, "An accuracy is minimised, by W&B's default `goal`."),
        (OutsideRange, "Rounding to `q` draws values outside of `min` and `max`, as in W&B."),
        (WithoutMetric, "There is no `metric`: trials run, and are ranked only where the program reports `loss`."),
        (MaxLeftOut, "A grid over `q_uniform` leaves `max` out."),
        (ZeroOrOne, "`min: 0, max: 1` are integers: only 0 and 1 are drawn."),
        (UnknownMacro, "An unknown macro in `command` expands to nothing."),
        (Renamed, "The name has characters that a sweep's id cannot have; they are replaced by `-`."),
        (WandbRefuses, "`--wandb`: W&B's schema refuses this."),
        (WandbReads, "`--wandb`: W&B's YAML reads this scalar as something else."),
        (WandbDiffers, "`--wandb`: W&B does something else here."),
    ];
}
