namespace SeqMnistSweep.SearchSpaces;

/// <summary>The wire form of a <see cref="ParameterSet"/>: its JSON.</summary>
[GenerateSerializer, Immutable, Alias("seqsweep.ParameterSet")]
public struct ParameterSetSurrogate
{
    [Id(0)]
    public string Json { get; set; }
}

[RegisterConverter]
public sealed class ParameterSetConverter : IConverter<ParameterSet, ParameterSetSurrogate>
{
    public ParameterSet ConvertFromSurrogate(in ParameterSetSurrogate surrogate) => ParameterSet.FromJson(surrogate.Json);

    public ParameterSetSurrogate ConvertToSurrogate(in ParameterSet value) => new() { Json = value.ToJson() };
}
