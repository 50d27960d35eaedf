using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>The files under deploy/, each read as what it is.</summary>
internal static partial class DeployFiles
{
    /// <summary>Paths from deploy/ on, sorted.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryFiles.PathOf("deploy"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(RepositoryFiles.PathOf("deploy"), path))
            .Order(StringComparer.Ordinal),
    ];

    public static string Read(string file) => RepositoryFiles.Read("deploy", file);

    /// <summary>Lines of <c>Key=Value</c> in their sections, as systemd reads them: comments and blank lines are nothing, a key may come again.</summary>
    public static ILookup<string, string> Unit(string file)
    {
        var section = "";
        var entries = new List<(string Key, string Value)>();
        foreach (var line in Read(file).Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
            {
                section = line.Trim('[', ']');
                continue;
            }

            var split = line.IndexOf('=', StringComparison.Ordinal);
            Assert.True(split > 0 && section.Length > 0, $"{file}: '{line}' is no setting in a section");
            entries.Add(($"{section}.{line[..split]}", line[(split + 1)..]));
        }

        return entries.ToLookup(entry => entry.Key, entry => entry.Value);
    }

    /// <summary>The documents of a YAML file, with anchors and merge keys resolved; every scalar is a string.</summary>
    public static IReadOnlyList<JsonObject> Yaml(string file)
    {
        var parser = new MergingParser(new Parser(new StringReader(Read(file))));
        var deserializer = new DeserializerBuilder().Build();
        var json = new SerializerBuilder().JsonCompatible().Build();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        var documents = new List<JsonObject>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            documents.Add(JsonNode.Parse(json.Serialize(deserializer.Deserialize(parser)))!.AsObject());
        }

        return documents;
    }

    /// <summary>Instructions with what follows them, in order; continued lines are joined.</summary>
    public static IReadOnlyList<(string Instruction, string Value)> Dockerfile(string file) =>
    [
        .. Joined(Read(file)).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], parts[1].Trim())),
    ];

    /// <summary>Lines, with those that end in a backslash joined to the next.</summary>
    public static IEnumerable<string> Joined(string text) => Continued().Replace(text, " ").Split('\n').Select(line => line.Trim());

    /// <summary>The words of a command line: quotes hold a word together, and a comment or a redirection ends it.</summary>
    public static string[] Words(string line) =>
        [.. Word().Matches(line).Select(match => match.Value.Replace("\"", "", StringComparison.Ordinal)).TakeWhile(word => word is not ("#" or "<" or ">" or "|" or "&&"))];

    /// <summary>A JSON list, which compose, Kubernetes and Docker take for a command.</summary>
    public static string[] List(JsonNode? node) => node is JsonArray list ? [.. list.Select(item => (string)item!)] : [];

    /// <summary><c>90s</c>, <c>5m</c>.</summary>
    public static TimeSpan Time(string text) =>
        SweepFiles.Reading.Quantities.Duration(text) ?? throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is no time"));

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("""(?:"[^"]*"|[^\s"])+""")]
    private static partial Regex Word();
}
