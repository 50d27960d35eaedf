using SeqMnistSweep.Importance;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>One parameter of a sweep as an axis.</summary>
internal sealed record ParameterAxis(string Name, ValueScale Scale)
{
    /// <summary>The named parameters, or all that vary.</summary>
    /// <exception cref="CommandError">A name is unknown, or the stored file cannot be read any more.</exception>
    public static IReadOnlyList<ParameterAxis> Of(PlotData data, IReadOnlyList<string> names)
    {
        var space = data.RequireSpace();
        var varied = space.Varied.ToList();
        if (names.FirstOrDefault(name => !varied.Contains(name)) is { } unknown)
        {
            throw new CommandError(
                ExitCodes.Usage, $"no parameter '{unknown}' varies in {data.Sweep.Sweep}",
                varied.Count == 0 ? "none does" : NearestName.Suggest(unknown, varied));
        }

        var axes = new List<ParameterAxis>();
        foreach (var name in names.Count > 0 ? names : varied)
        {
            var seen = data.Trials.Select(trial => SearchSpace.Written(trial.Parameters, name)).OfType<ParameterValue>().ToList();
            if (seen.Count > 0)
            {
                axes.Add(new ParameterAxis(name, ValueScale.Of(space.Find(name)!.Distribution, seen)));
            }
        }

        return axes;
    }

    /// <summary>0 to 1; null for a configuration without the parameter.</summary>
    public double? PositionOf(ParameterSet point) => SearchSpace.Written(point, Name) is { } value
        ? Scale.Categories is { } categories ? Centre(Scale.PositionOf(value), categories) : Scale.PositionOf(value)
        : null;

    /// <summary>Its ends, or its categories, as far as there is room.</summary>
    public IReadOnlyList<(double At, string Text)> Labels() => Scale.Categories is { } categories
        ? [.. Scale.Names.Select((name, i) => (Centre(i, categories), name.ToString()))]
        : [(0, Text(Scale.Ends.First)), (1, Text(Scale.Ends.Last))];

    private static double Centre(double index, int categories) => categories == 1 ? 0.5 : index / (categories - 1);

    private static string Text(ParameterValue value) => Cell.Number(value.AsReal());
}
