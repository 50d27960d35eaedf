namespace SeqMnistSweep.Cli.Client;

/// <summary>The world that a command runs in, so that tests can give it another one.</summary>
/// <param name="OutWidth">Columns of the terminal behind <paramref name="Out"/>; null when it is redirected.</param>
/// <param name="Variable">Reads the environment.</param>
/// <param name="Folder">Where relative paths begin.</param>
internal sealed record CommandContext(
    TextReader In, TextWriter Out, TextWriter Error, int? OutWidth, int? ErrorWidth, Func<string, string?> Variable, string Folder,
        TimeProvider Time)
{
    public const string SeqSweep = "seqsweep";

    public static readonly string UsualDatabase = Path.Combine(".", ".seqsweep", "sweeps.db");

    /// <summary>How a person starts the program.</summary>
    public string Program { get; init; } = SeqSweep;

    /// <summary>Whether a person can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Connects to the grains of a head.</summary>
    public Func<HeadInfo, HeadContact, TimeProvider, CancellationToken, Task<IHeadLink>> Connect { get; init; } = HeadLink.ConnectAsync;

    /// <summary>The grains of a head for a command that changes nothing: an Orleans client would take it most of its time.</summary>
    public Func<HttpClient, Uri, IHeadLink> ConnectToRead { get; init; } = (client, head) => new HttpLink(client, head);

    /// <summary>The one that <see cref="Error"/> is; null for none.</summary>
    public Terminal? Terminal { get; init; }

    public static CommandContext OfProcess() => new(
        System.Console.In,
        System.Console.Out,
        System.Console.Error,
        System.Console.IsOutputRedirected ? null : Console.Terminal.SizeNow().Width,
        System.Console.IsErrorRedirected ? null : Console.Terminal.SizeNow().Width,
        Environment.GetEnvironmentVariable,
        Environment.CurrentDirectory,
        TimeProvider.System)
    {
        IsInteractive = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected,
        Terminal = System.Console.IsErrorRedirected ? null : Console.Terminal.OfProcess,
    };

    /// <summary>What names a database on a command line that is typed here: nothing for the usual one.</summary>
    public string DatabaseArgument(string path) =>
        path == Path.GetFullPath(UsualDatabase, Folder) ? "" : $" --db {path}";

    public ConsoleProfile OutProfile(string color) => ConsoleProfile.Decide(OutWidth, Variable, color);

    public ConsoleProfile ErrorProfile(string color) => ConsoleProfile.Decide(ErrorWidth, Variable, color);

    /// <summary>A message to the person: talk goes to stderr.</summary>
    public void Say(string message) => Error.WriteLine(TableOutput.Plain(message));

    /// <summary>A line on stdout for whoever waits for a process that stays; that one has its work to do, also where nobody can read
    /// it.</summary>
    public void Announce(string line)
    {
        try
        {
            Out.WriteLine(line);
            Out.Flush();
        }
        catch (CommandError)
        {
            // As with talk.
        }
    }

    /// <summary>What is the matter: on a terminal broken at spaces, for the terminal itself would break a path anywhere.</summary>
    public void SayError(string message)
    {
        const string Lead = "error: ";
        var room = ErrorProfile("auto").Width is { } width ? Math.Max(1, width - Lead.Length) : int.MaxValue;
        foreach (var (i, line) in WordWrap.Lines(TableOutput.Plain(message), room).Index())
        {
            Error.WriteLine((i > 0 ? new string(' ', Lead.Length) : Lead) + line);
        }
    }
}
