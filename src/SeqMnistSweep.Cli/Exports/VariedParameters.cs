using SeqMnistSweep.Results.Tables;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>A column for each parameter that is searched, or is not the same in all configurations, nested ones by dotted names; where there
/// is none, for each.</summary>
internal sealed class VariedParameters
{
    private readonly List<string> _names;
    private readonly Dictionary<string, ParameterSet> _sets;

    /// <param name="configurations">JSON objects.</param>
    /// <param name="varies">The parameters of the search space, and whether they are searched; none where it is not known.</param>
    /// <param name="beside">The other columns; a parameter that is named like one of them has its prefix.</param>
    public VariedParameters(
        IEnumerable<string> configurations, IReadOnlyDictionary<string, bool> varies, IReadOnlyCollection<string> beside)
    {
        _sets = configurations.Distinct().ToDictionary(
            json => json, json => FlatParameters.Of(ParameterSet.FromJson(json), varies.ContainsKey));
        var names = _sets.Values.SelectMany(set => set.Select(parameter => parameter.Key)).Distinct().ToList();
        _names = names.FindAll(name => varies.GetValueOrDefault(name)
            || _sets.Values.Select(set => set[name]).Distinct().Count() > 1) is { Count: > 0 } searched ? searched : names;
        Columns = [.. _names.Select(name => TrialTable.NameOf(TrialTable.ParameterPrefix, name, beside.Contains))];
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>In the columns' order; null where a parameter does not exist.</summary>
    /// <param name="configuration">One of those given.</param>
    public IEnumerable<ParameterValue?> Of(string configuration) => _names.Select(name => _sets[configuration][name]);
}
