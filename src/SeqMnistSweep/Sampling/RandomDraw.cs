namespace SeqMnistSweep.Sampling;

/// <summary>Draw number c of a space: a pure function of the sampler seed and c. Every parameter has its own stream, named by it, so adding
/// a parameter to a file leaves the draws of the others as they were.</summary>
internal sealed class RandomDraw
{
    private readonly SearchSpace _space;
    private readonly long _seed;
    private readonly string[] _purposes;

    public RandomDraw(SearchSpace space, long seed)
    {
        _space = space;
        _seed = seed;
        var leaders = space.Zips.SelectMany(zip => zip.Select(name => (name, zip[0]))).ToDictionary(
            pair => pair.name, pair => pair.Item2, StringComparer.Ordinal);
        _purposes = [.. space.Dimensions.Select(dimension => "sample " + leaders.GetValueOrDefault(dimension.Name, dimension.Name))];
    }

    public Candidate At(long number)
    {
        var candidate = new Candidate(_space);
        for (var i = 0; i < _purposes.Length; i++)
        {
            var distribution = _space.Dimensions[i].Distribution;
            candidate[i] = distribution is Constant constant
                ? constant.Value
                : distribution.At(new SplitMix64(RandomSeed.Derive(_seed, _purposes[i], number)).NextUnit());
        }

        return candidate;
    }
}
