namespace SeqMnistSweep.Importance;

/// <summary>PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023): a parameter matters as far as its values among the best configurations are
/// distributed otherwise than among all of them, measured by the Pearson divergence of two kernel densities. Needs no model of the
/// function, and looks at what matters for being among the best rather than on average.</summary>
internal sealed class PedAnova
{
    private readonly List<ParameterCells> _parameters;

    /// <summary>Of the parameters that vary.</summary>
    public PedAnova(SearchSpace space, IReadOnlyList<ParameterSet> configurations) => _parameters =
    [
        .. space.Dimensions.Where(dimension => dimension.Distribution.Varies)
            .Select(dimension => ParameterCells.Of(dimension, configurations)),
    ];

    public IReadOnlyList<string> Names => _parameters.ConvertAll(parameter => parameter.Name);

    /// <summary>Of each parameter, in the order of <see cref="Names"/>. A conditional one is judged on the configurations that have
    /// it.</summary>
    /// <param name="all">How often each configuration counts.</param>
    /// <param name="best">The same among the best.</param>
    public double[] Divergences(int[] all, int[] best) => [.. _parameters.Select(parameter =>
    {
        var among = parameter.Counts(best);
        return among.Sum() == 0 ? 0 : Divergence(parameter.Density(parameter.Counts(all)), parameter.Density(among));
    })];

    private static double Divergence(double[] everywhere, double[] among) =>
        everywhere.Zip(among).Sum(cell => cell.First * Math.Pow((cell.Second / cell.First) - 1, 2));
}
