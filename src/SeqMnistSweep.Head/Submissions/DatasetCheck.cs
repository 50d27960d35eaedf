namespace SeqMnistSweep.Head.Submissions;

/// <summary>The digests of the data that a sweep trains on, as the head has it.</summary>
internal sealed class DatasetCheck(HeadOptions options)
{
    /// <exception cref="SweepRefusedException">The head lacks a dataset.</exception>
    public async Task<ImmutableSortedDictionary<string, string>> DigestsAsync(
        SweepDefinition definition, CancellationToken cancellation = default)
    {
        if (options.FindDatasets is not { } find || definition.Datasets is { IsEmpty: true })
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        var found = await find(definition.Datasets, cancellation);
        return definition.Datasets.FirstOrDefault(name => !found.ContainsKey(name)) is { } lacking
            ? throw new SweepRefusedException(
                $"the head lacks the dataset '{lacking}' that this sweep trains on: run 'seqsweep data fetch {lacking}' on the head's "
                    + "machine, or start the head with --data FOLDER")
            : found;
    }
}
