using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Head.Live;

/// <summary>How the head writes its answers as JSON, and how its clients read them: records, with ids as text.</summary>
public static class ResultJson
{
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    });

    internal static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        JsonPolicy.UseRecords(options);
        options.TypeInfoResolverChain.Insert(0, ResultTypes.Default);
        options.Converters.Add(new QueryResultConverter());
        options.Converters.Add(new TrialTableConverter());
        options.Converters.Add(new JsonTextConverter<SweepId>(SweepId.Parse));
        options.Converters.Add(new JsonTextConverter<TrialId>(TrialId.Parse));
        options.Converters.Add(new JsonTextConverter<ParameterSet>(ParameterSet.FromJson, parameters => parameters.ToJson()));
        return options;
    }
}

/// <param name="Code">A stable word such as <c>not_found</c>.</param>
/// <param name="Position">Where in the query, in characters from 0, when that is known.</param>
public sealed record ErrorBody(string Code, string Message, string? Hint = null, int? Position = null);

/// <summary>Every answer that is no success has this body.</summary>
public sealed record ErrorAnswer(ErrorBody Error);
