using Spectre.Console;

namespace SeqMnistSweep.Cli.Console;

/// <summary>What one stream, stdout or stderr, may show. Decided here alone; Spectre's own detection is switched off.</summary>
/// <param name="IsTerminal">A person looks at it: tables are aligned and fitted. Otherwise they are tab-separated and complete.</param>
/// <param name="Animation">Lines may be redrawn.</param>
/// <param name="Unicode">Drawing may use more than ASCII; data always may.</param>
/// <param name="Width">Columns of the terminal; null without one.</param>
internal sealed record ConsoleProfile(bool IsTerminal, bool Colour, bool Animation, bool Unicode, int? Width)
{
    /// <summary>The first that is set counts, as in POSIX.</summary>
    private static readonly string[] LocaleVariables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Whether the width is that of the terminal rather than COLUMNS.</summary>
    public bool FollowsTerminal { get; private init; }

    /// <param name="terminalWidth">Null when the stream is redirected.</param>
    /// <param name="mode"><c>--color</c>: <c>auto</c>, <c>always</c> or <c>never</c>; it wins over the environment.</param>
    public static ConsoleProfile Decide(int? terminalWidth, Func<string, string?> variable, string mode = "auto")
    {
        var terminal = terminalWidth is not null;
        var dumb = variable("TERM") == "dumb";
        var colour = mode switch
        {
            "always" => true,
            "never" => false,
            _ when IsSet("NO_COLOR") || IsSet("SEQSWEEP_NO_COLOR") => false,
            _ when IsOn("FORCE_COLOR") || IsOn("CLICOLOR_FORCE") => true,
            _ => terminal && !dumb,
        };
        var locale = LocaleVariables.Select(variable).FirstOrDefault(v => !string.IsNullOrEmpty(v)) ?? "";
        var utf8 = locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);

        // Who wants no colour may want the rest: https://no-color.org is about colour only.
        return new ConsoleProfile(terminal, colour, terminal && !dumb, utf8 && !dumb, terminal ? Columns()
            ?? terminalWidth : null) { FollowsTerminal = terminal && Columns() is null };

        bool IsSet(string name) => !string.IsNullOrEmpty(variable(name));
        bool IsOn(string name) => variable(name) is { Length: > 0 } value && value != "0";
        int? Columns() => int.TryParse(variable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0
            ? width
            : null;
    }

    /// <summary>A Spectre console that does what this profile says and looks at nothing else. Escape all text of users for it.</summary>
    public IAnsiConsole Over(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = Colour || Animation ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = Animation ? InteractionSupport.Yes : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = Width ?? 80;
        console.Profile.Capabilities.Unicode = Unicode;
        console.Profile.Capabilities.Links = false;
        return console;
    }

    public string Bold(string text) => Colour ? $"\u001b[1m{text}\u001b[0m" : text;
}
