namespace SeqMnistSweep.Cli.Commands;

/// <summary>Names that verbs and options had in earlier versions. They still work; a hint names the new one.</summary>
internal static class OldNames
{
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["why"] = "show",
        ["extend"] = "edit",
        ["importance"] = "plot importance",
        ["predict"] = "model predict",
        ["rerun"] = "model verify",
        ["drain"] = "worker drain",
        ["undrain"] = "worker undrain",
    };

    /// <summary>What other programs call it.</summary>
    private static readonly Dictionary<string, string> OfOthers = new(StringComparer.Ordinal)
    {
        ["diff"] = "compare",
        ["rm"] = "delete",
        ["remove"] = "delete",
        ["status"] = "list",
        ["ps"] = "top",
        ["ui"] = "open",
        ["dashboard"] = "open",
        ["start"] = "run",
        ["kill"] = "cancel",
        ["best"] = "leaderboard",
        ["describe"] = "show",
        ["get"] = "list",
        ["agent"] = "worker",
        ["sweep"] = "submit",
    };

    // Of the verbs as they are named now.
    private static readonly Dictionary<(string Verb, string Option), string> Options = new()
    {
        [("run", "--parallel")] = "--slots",
        [("plan", "--parallel")] = "--slots",
        [("health", "--wait")] = "--timeout",
        [("ask", "--for")] = "--lease-time",
        [("tell", "--message")] = "--reason",
        [("worker", "--allow-programs")] = "--programs=any",
    };

    /// <summary>The verb that another program's verb is here; null where there is none.</summary>
    public static string? Elsewhere(string verb) => OfOthers.GetValueOrDefault(verb);

    /// <summary>The command line of the program beside the sources that a verb or option has become; null for any other.</summary>
    public static string? ProgramOf(string name) => name switch
    {
        "bench" => "dotnet run -c Release --project tests/SeqMnistSweep.Benchmarks -- --help",
        "--faults" => "dotnet run -c Release --project tests/SeqMnistSweep.FaultSimulation -- --seed N",
        _ => null,
    };

    /// <summary>The arguments with the new names.</summary>
    /// <returns>And a sentence that names what was renamed; null when nothing was.</returns>
    public static (string[] Args, string? Hint) Translate(string[] args)
    {
        var at = VerbIndex(args);
        if (at < 0) return (args, null);

        var old = args[at];
        var verb = Verbs.GetValueOrDefault(old, old);
        var rest = args[(at + 1)..];
        var renamed = new List<string>();
        if (verb != old)
        {
            renamed.Add($"'{old}' is now '{verb}'");
        }

        if (old == "rerun")
        {
            // It compared only when it was asked to.
            rest = rest.Contains("--verify") ? [.. rest.Where(arg => arg != "--verify")] : [.. rest, "--reports"];
        }

        for (var i = 0; i < rest.Length && rest[i] != "--"; i++)
        {
            var name = rest[i].Split('=', 2)[0];
            if (Options.TryGetValue((verb, name), out var option))
            {
                rest[i] = option + rest[i][name.Length..];
                renamed.Add($"'{name}' is now '{option}'");
            }
        }

        return renamed.Count == 0 ? (args, null) : ([.. args[..at], .. verb.Split(' '), .. rest], string.Join(", ", renamed));
    }

    /// <summary>Where the verb stands, after options that every verb takes; -1 without one.</summary>
    private static int VerbIndex(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "-o" or "--output" or "--color")
            {
                i++;
            }
            else if (!args[i].StartsWith('-'))
            {
                return i;
            }
        }

        return -1;
    }
}
