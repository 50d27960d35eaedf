using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SeqMnistSweep.Cli.Tests.Deploy;

/// <summary>A command line of the program somewhere under deploy/.</summary>
/// <param name="Arguments">From the verb on.</param>
/// <param name="Grace">How long after SIGTERM the process is killed; null where that file does not say.</param>
internal sealed partial record DeployedCommand(string File, IReadOnlyList<string> Arguments, TimeSpan? Grace = null)
{
    public static IReadOnlyList<DeployedCommand> All { get; } = [.. DeployFiles.All.SelectMany(In)];

    public string Verb => Arguments[0];

    public string? this[string option]
    {
        get
        {
            var at = Arguments.ToList().IndexOf(option);
            return at < 0 ? null : Arguments[at + 1];
        }
    }

    public override string ToString() => $"{File}: seqsweep {string.Join(' ', Arguments)}";

    /// <exception cref="InvalidOperationException">Nobody knows how to read such a file.</exception>
    public static IEnumerable<DeployedCommand> In(string file) => (Path.GetFileName(file), Path.GetExtension(file)) switch
    {
        (_, ".md") => InDocument(file),
        (_, ".service") => InUnit(file),
        (_, ".env") => InEnvironment(file),
        (_, ".sbatch") => InBatch(file),
        ("compose.yaml", _) => InCompose(file),
        (_, ".yaml") => InManifests(file),
        (_, ".conf" or ".dockerignore" or ".sh") => [],
        (['D', 'o', 'c', 'k', 'e', 'r', 'f', 'i', 'l', 'e', '.', ..], _) => InDockerfile(file),
        _ => throw new InvalidOperationException($"deploy/{file} is read by no test: say here what it is, and check it"),
    };

    private static IEnumerable<DeployedCommand> InDocument(string file) =>
        Fence().Matches(DeployFiles.Read(file)).SelectMany(fence => fence.Groups[1].Value.Split('\n'))
            .Select(line => Called().Match(line)).Where(called => called.Success)
            .Concat(Quoted().Matches(DeployFiles.Read(file)))
            .Select(called => new DeployedCommand(file, DeployFiles.Words(called.Groups[1].Value)));

    private static IEnumerable<DeployedCommand> InUnit(string file)
    {
        var unit = DeployFiles.Unit(file);
        var words = DeployFiles.Words(unit["Service.ExecStart"].Single());
        Assert.EndsWith("/seqsweep", words[0], StringComparison.Ordinal);

        // $NAME without braces is what the environment file adds: zero or more words.
        yield return new DeployedCommand(file, [.. words.Skip(1).Where(word => word[0] != '$' || word[1] == '{')], DeployFiles.Time(unit["Service.TimeoutStopSec"].Single()));
    }

    private static IEnumerable<DeployedCommand> InEnvironment(string file) =>
        Options().Matches(DeployFiles.Read(file))
            .Select(options => new DeployedCommand(file, [options.Groups[1].Value.ToLowerInvariant(), .. DeployFiles.Words(options.Groups[2].Value)]));

    private static IEnumerable<DeployedCommand> InBatch(string file)
    {
        var text = DeployFiles.Read(file);
        var lead = Lead().Match(text);
        Assert.True(lead.Success, $"{file} does not ask for a signal before its time is over");
        return DeployFiles.Joined(text).Where(line => line.StartsWith("exec seqsweep ", StringComparison.Ordinal))
            .Select(line => new DeployedCommand(file, DeployFiles.Words(line)[2..], DeployFiles.Time(lead.Groups[1].Value + "s")));
    }

    private static IEnumerable<DeployedCommand> InCompose(string file)
    {
        foreach (var (_, service) in DeployFiles.Yaml(file).Single()["services"]!.AsObject())
        {
            yield return new DeployedCommand(file, DeployFiles.List(service!["command"]), DeployFiles.Time((string)service["stop_grace_period"]!));
            if (DeployFiles.List(service["healthcheck"]?["test"]) is ["CMD", "seqsweep", .. var health])
            {
                yield return new DeployedCommand(file, health);
            }
        }
    }

    private static IEnumerable<DeployedCommand> InManifests(string file) =>
        from document in DeployFiles.Yaml(file)
        let pod = document["spec"]?["template"]?["spec"]
        where pod is not null
        from container in pod["containers"]!.AsArray()
        select new DeployedCommand(file, DeployFiles.List(container!["args"]), DeployFiles.Time((string)pod["terminationGracePeriodSeconds"]! + "s"));

    private static IEnumerable<DeployedCommand> InDockerfile(string file)
    {
        foreach (var (instruction, rest) in DeployFiles.Dockerfile(file))
        {
            if (instruction == "CMD")
            {
                yield return new DeployedCommand(file, DeployFiles.List(JsonNode.Parse(rest)));
            }
            else if (instruction == "HEALTHCHECK" && rest != "NONE")
            {
                yield return new DeployedCommand(file, DeployFiles.List(JsonNode.Parse(rest[rest.IndexOf('[', StringComparison.Ordinal)..]))[1..]);
            }
        }
    }

    [GeneratedRegex("^```(?:console|sh)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    // Also behind `docker compose exec head` and the like; -n names Kubernetes' namespace.
    [GeneratedRegex(@"(?:^|\s)(?<!-n )seqsweep ([a-z].*)$")]
    private static partial Regex Called();

    [GeneratedRegex("`seqsweep ([a-z][^`]*)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^#?SEQSWEEP_(HEAD|WORKER)_OPTIONS=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Options();

    [GeneratedRegex(@"^#SBATCH --signal=B:TERM@(\d+)$", RegexOptions.Multiline)]
    private static partial Regex Lead();
}
