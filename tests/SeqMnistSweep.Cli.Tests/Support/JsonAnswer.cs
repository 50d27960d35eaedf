using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Commands;
using SeqMnistSweep.Cli.Console;

namespace SeqMnistSweep.Cli.Tests.Support;

/// <summary>Holds what every command of every test writes with <c>-o json</c> or <c>-o jsonl</c> against its published schema.</summary>
internal static class JsonAnswer
{
    private const string Error = "error";

    private static readonly Dictionary<string, JsonSchema> Schemas =
        AnswerSchema.Names.ToDictionary(name => name, name => JsonSchema.FromJsonAsync(AnswerSchema.Find(name)!).GetAwaiter().GetResult());

    /// <returns>The schema of what stands on standard output; null without JSON there.</returns>
    public static string? Check(string[] args, CommandRun run)
    {
        if (!CommonOptions.WantsJson(args)) return null;

        if (run.Error.TrimEnd().Split('\n')[^1] is var last && last.StartsWith("{\"error\":", StringComparison.Ordinal))
        {
            Fits(Error, JsonNode.Parse(last), args);
        }

        if (run.Out.Length == 0) return null;

        var parsed = Parse(OldNames.Translate(args).Args);
        Assert.Empty(parsed.Errors);
        if (PrintsDocument(parsed)) return null;

        var name = NameOf(parsed.CommandResult.Command);
        Assert.True(Schemas.TryGetValue(name, out var schema), $"'{string.Join(' ', args)}' writes JSON that has no schema: {run.Out}");
        foreach (var value in Values(run.Out, schema, isLines: args.Contains(OutputFormat.JsonLines)))
        {
            Fits(name, value, args);
        }

        return name;
    }

    public static ParseResult Parse(string[] args) =>
        CommandLine.Build(CommandContext.OfProcess()).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    /// <summary>The command's words, with hyphens between them.</summary>
    public static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent
            ? $"{NameOf(parent)}-{command.Name}"
            : command.Name;

    /// <summary>A file for another program is printed as it is, whatever <c>-o</c> says.</summary>
    private static bool PrintsDocument(ParseResult parsed) => NameOf(parsed.CommandResult.Command) switch
    {
        "explain" or "completions" or "python" or "token-show" => true,
        "show" => parsed.GetValue<bool>("--config"),
        "clone" => parsed.GetValue<string?>("--to") is null,
        "import" => parsed.GetValue<string>("--as") is "space"
            || (parsed.GetValue<string>("--as") is "points" && (parsed.GetValue<string?>("--into") is not { } into || IsFile(into))),
        "export" => parsed.GetValue<string?>("--format") is { } format
            ? format is not ("wandb" or "json" or "jsonl")
            : parsed.GetValue<string?>("what") is not { } what || !IsFile(what),
        _ => false,
    };

    private static bool IsFile(string what) => what.EndsWith(".yaml", StringComparison.Ordinal);

    /// <summary>The values one after the other; lines of a table are its rows.</summary>
    private static List<JsonNode?> Values(string text, JsonSchema schema, bool isLines)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        var values = new List<JsonNode?>();
        while (reader.Read())
        {
            values.Add(JsonNode.Parse(ref reader));
        }

        var isTable = schema.AnyOf.DefaultIfEmpty(schema).Any(one => one.Type == JsonObjectType.Array);
        return isLines && isTable ? [new JsonArray([.. values])] : values;
    }

    private static void Fits(string schema, JsonNode? value, string[] args)
    {
        var errors = Schemas[schema].Validate(value?.ToJsonString() ?? "null");
        Assert.True(
            errors.Count == 0, $"'{string.Join(' ', args)}' writes what Schemas/{schema}.json does not say: {string.Join(Environment.NewLine, errors)}{Environment.NewLine}{value}");
    }
}
