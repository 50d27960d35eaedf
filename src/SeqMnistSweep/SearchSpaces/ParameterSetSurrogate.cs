namespace SeqMnistSweep.SearchSpaces;

/// <summary>The wire form of a <see cref="ParameterSet"/>: its JSON.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.ParameterSet")]
public struct ParameterSetSurrogate
{
    /// <summary>The set as <see cref="ParameterSet.ToJson"/> writes it.</summary>
    [Id(0)]
    public string Json { get; set; }
}

/// <summary>Converts between a set and its wire form.</summary>
[RegisterConverter]
public sealed class ParameterSetConverter : IConverter<ParameterSet, ParameterSetSurrogate>
{
    /// <inheritdoc/>
    public ParameterSet ConvertFromSurrogate(in ParameterSetSurrogate surrogate) => ParameterSet.FromJson(surrogate.Json);

    /// <inheritdoc/>
    public ParameterSetSurrogate ConvertToSurrogate(in ParameterSet value) => new() { Json = value.ToJson() };
}
