using System.Text.Json.Nodes;
using SeqMnistSweep.Files;
using SeqMnistSweep.Trainables;

namespace SeqMnistSweep.SweepFiles.Schema;

/// <summary>The sweep file as a JSON schema of draft 7, the newest that yaml-language-server reads: for completion and hints in editors. It
/// says less than <see cref="SweepFile"/> checks, and never refuses what that accepts.</summary>
public static class SweepSchema
{
    /// <summary>The schema's text, ending with a line feed.</summary>
    public static string ToJson()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "SeqMnistSweep sweep file",
            ["definitions"] = new JsonObject
            {
                ["parameter"] = Section(SweepKeys.Parameter),
                ["value"] = new JsonObject { ["type"] = Types("null", "boolean", "number", "string", "array", "object") },
            },
        };
        foreach (var (name, value) in Section("").ToList())
        {
            schema[name] = value?.DeepClone();
        }

        schema["patternProperties"] = new JsonObject { ["^x-"] = new JsonObject() };
        schema["required"] = Types("method");
        return schema.ToJsonString(JsonPolicy.Indented) + "\n";
    }

    private static JsonObject Section(string path)
    {
        var properties = new JsonObject();
        foreach (var key in SweepKeys.ChildrenOf(path))
        {
            properties[key.Name] = Described(key, Form(key));
        }

        // Of the file itself, others are ignored; a mapping may be a parameter in the wrong place.
        JsonNode others = path.Length > 0 ? false : new JsonObject { ["not"] = new JsonObject { ["type"] = "object" } };
        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = others };
    }

    private static JsonObject Form(SweepKey key) => key.Form switch
    {
        KeyForm.Text when key.Choices.IsEmpty
            && key.Name is "name" or "description" or "program" => new JsonObject { ["type"] = Types("string", "number", "boolean") },
        KeyForm.Text => Choices(key, new JsonObject { ["type"] = "string" }),
        KeyForm.Integer => Bounded(key, new JsonObject { ["type"] = "integer" }),
        KeyForm.Number => Bounded(key, new JsonObject { ["type"] = "number" }),
        KeyForm.Boolean => new JsonObject { ["type"] = "boolean" },
        KeyForm.Duration or KeyForm.Size => new JsonObject { ["type"] = Types("string", "number") },
        KeyForm.Texts => ListOf(Choices(key, new JsonObject { ["type"] = Types("string", "number", "boolean") })),
        KeyForm.TextLists => ListOf(ListOf(new JsonObject { ["type"] = "string" })),
        KeyForm.AnythingList => ListOf(new JsonObject { ["$ref"] = "#/definitions/value" }),
        KeyForm.Numbers => ListOf(new JsonObject { ["type"] = "number" }),
        KeyForm.Section => Section(key.Path),
        KeyForm.Sections => ListOf(Section(key.Path)),
        KeyForm.Named => Named(key),
        KeyForm.NamedList => ListOf(new JsonObject { ["type"] = "object" }),
        _ => new JsonObject(),
    };

    private static JsonObject Named(SweepKey key)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (key.Name != "parameters") return schema;

        if (key.Parent.Length == 0)
        {
            var properties = new JsonObject();
            foreach (var parameter in TrainableCatalog.Default.Parameters)
            {
                properties[parameter.Name] = new JsonObject
                {
                    ["description"] = $"{parameter.Description} Takes "
                        + $"{parameter.Accepts}{(parameter.Default is null ? "" : $"; default {parameter.Default}")}.",
                    ["allOf"] = new JsonArray(Reference()),
                };
            }

            schema["properties"] = properties;
        }

        schema["additionalProperties"] = Reference();
        return schema;
    }

    private static JsonObject Described(SweepKey key, JsonObject schema)
    {
        schema["description"] = $"{key.Description} Takes {key.Type}{(key.Default is null ? "" : $"; default {key.Default}")}. Example: "
            + $"{key.Example}";
        return schema;
    }

    private static JsonObject Choices(SweepKey key, JsonObject schema)
    {
        if (!key.Choices.IsEmpty)
        {
            schema["enum"] = Types([.. key.Choices]);
        }

        return schema;
    }

    private static JsonObject Bounded(SweepKey key, JsonObject schema)
    {
        if (key.Minimum is { } minimum)
        {
            schema["minimum"] = minimum;
        }

        if (key.Above is { } above)
        {
            schema["exclusiveMinimum"] = above;
        }

        return schema;
    }

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Reference() => new() { ["$ref"] = "#/definitions/parameter" };

    private static JsonArray Types(params string[] names) => new([.. names.Select(name => (JsonNode)name)]);
}
