using SeqMnistSweep.Trainables.Tcn;
using static SeqMnistSweep.SearchSpaces.TrainableParameter;

namespace SeqMnistSweep.Trainables;

/// <summary>The programs that are built in, by name. Any other name is an external program, of whose parameters nothing is known.</summary>
public static class TrainableCatalog
{
    /// <summary>The program of trials that no worker runs.</summary>
    public const string Asked = "ask";

    /// <summary>In the order in which they are listed for people.</summary>
    public static ImmutableArray<TrainableDescription> All { get; } =
    [
        Default,
        Function("branin", "Branin's function of two variables; three minima of 0.397887.", [X(0, -5, 10), X(1, 0, 15)]),
        Function("hartmann6", "Hartmann's function of six variables; minimum -3.32237.", Cube(6, 0, 1)),
        Function(
            "ackley5", "Ackley's function of five variables; minimum 0 at the origin among many local ones.", Cube(5, -32.768, 32.768)),
        Function("rosenbrock4", "Rosenbrock's valley in four variables; minimum 0 at (1, 1, 1, 1).", Cube(4, -5, 10)),
        Function("mixed", "A function of a rate, two integers, a share and a choice, shaped like a training run.",
        [
            Real("lr", 0.002, 0, 1, "Learning rate.", openMin: true),
            Integer("levels", 8, 1, 16, "Levels."),
            Integer("kernel_size", 7, 2, 99, "Kernel size."),
            Real("dropout", 0.05, 0, 1, "Dropout.", openMax: true),
            Choice("optimizer", "Adam", ["Adam", "AdamW", "SGD", "RMSprop"], "Update rule."),
        ]),
        Function("noop", "Reports at once and learns nothing: measures the orchestrator.",
        [
            Integer(TrainableDescription.Epochs, 1, 1, 100000, "Reports to send."),
            Integer("sleep_ms", 0, 0, 3_600_000, "Milliseconds of sleep before each report."),
        ]) with { TakesOthers = true },
        new(Asked, "Nothing here: trials are asked for, run elsewhere, and told.", [], true, [], null, false),
    ];

    /// <summary>What runs where a file names no program.</summary>
    public static TrainableDescription Default => TcnDescription.Value;

    /// <summary>The built-in program of that name, or null when the name is an external program's.</summary>
    public static TrainableDescription? Find(string program) => All.FirstOrDefault(trainable => trainable.Name == program);

    /// <summary>Whether workers run this program without one of the user's.</summary>
    public static bool IsBuiltIn(string program) => Find(program) is not (null or { Name: Asked });

    /// <summary>A program of the user's, of which nothing is known.</summary>
    public static TrainableDescription External(string program) => new(program, "An external program.", [], true, [], null, false);

    private static TrainableDescription Function(string name, string description, ImmutableArray<TrainableParameter> parameters) =>
        new(name, description, parameters, false, ["value"], "value", false);

    private static ImmutableArray<TrainableParameter> Cube(int dimensions, double min, double max) =>
        [.. Enumerable.Range(0, dimensions).Select(i => X(i, min, max))];

    private static TrainableParameter X(int index, double min, double max) =>
        OptionalReal($"x{index}", min, max, $"Variable {index}; must be given.") with { IsRequired = true };
}
