using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using SeqMnistSweep.Head.Http;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Results.Reading;
using SeqMnistSweep.Results.Tables;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>Writes the head's answers as TypeScript, from what the JSON serializer knows of them.</summary>
internal sealed class PageTypes
{
    private static readonly JsonSerializerOptions Options = new(ResultJson.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>Types that a converter writes, or that may be any JSON.</summary>
    private static readonly Dictionary<Type, string> Plain = new()
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "boolean",
        [typeof(int)] = "number",
        [typeof(long)] = "number",
        [typeof(double)] = "number",
        [typeof(DateTimeOffset)] = "string",
        [typeof(SweepId)] = "string",
        [typeof(TrialId)] = "string",
        [typeof(ParameterSet)] = "string",
        [typeof(JsonElement)] = "unknown",
        [typeof(JsonObject)] = "Record<string, unknown>",
        [typeof(QueryResult)] = "{ columns: string[]; rows: unknown[][]; more: boolean }",
        [typeof(TrialTable)] = "{ total: number; matched: number; next: string | null; parameters: string[]; columns: Record<string, unknown[]> }",
    };

    private readonly SortedDictionary<string, string> _declared = new(StringComparer.Ordinal);

    public static string Of(IEnumerable<Type> answers)
    {
        var types = new PageTypes();
        foreach (var answer in answers)
        {
            types.NameOf(answer);
        }

        return $"// What the head answers, written by PageTypesTests from the head's own types: do not edit.\n{string.Concat(types._declared.Values)}";
    }

    private string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return $"{NameOf(value)} | null";
        }

        if (Plain.TryGetValue(type, out var plain))
        {
            return type.Namespace!.StartsWith("SeqMnistSweep.Results", StringComparison.Ordinal) ? Declare(type, $"export type {type.Name} = {plain};") : plain;
        }

        var info = Options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => $"{Grouped(NameOf(info.ElementType!))}[]",
            JsonTypeInfoKind.Dictionary => $"Record<string, {NameOf(info.ElementType!)}>",
            JsonTypeInfoKind.Object => Declare(info),
            _ when type.IsEnum => Declare(type, Union(
                type.Name, [.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(one => JsonSerializer.Serialize(Enum.ToObject(type, one), type, Options))])),
            _ => throw new NotSupportedException($"{type} has no TypeScript"),
        };
    }

    /// <summary>In as many lines as the pages' formatter gives it.</summary>
    private static string Union(string name, IReadOnlyList<string> values) => $"export type {name} = {string.Join(" | ", values)};" is { Length: <= 140 } line
        ? line
        : $"export type {name} ={string.Concat(values.Select(value => $"\n  | {value}"))};";

    private string Declare(JsonTypeInfo info)
    {
        if (!_declared.ContainsKey(info.Type.Name))
        {
            // Before its properties: a type may hold itself.
            _declared[info.Type.Name] = "";
            var text = new StringBuilder($"export interface {info.Type.Name} {{");
            // What is computed from other properties is not written: JsonPolicy.
            foreach (var property in info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
            {
                var name = NameOf(property.PropertyType);
                var missing = !property.PropertyType.IsValueType && property.IsGetNullable ? " | null" : "";
                text.Append($"\n  {property.Name}: {name}{missing};");
            }

            _declared[info.Type.Name] = $"\n{text}\n}}\n";
        }

        return info.Type.Name;
    }

    private string Declare(Type type, string text)
    {
        _declared[type.Name] = $"\n{text}\n";
        return type.Name;
    }

    private static string Grouped(string name) => name.Contains(' ', StringComparison.Ordinal) ? $"({name})" : name;
}
