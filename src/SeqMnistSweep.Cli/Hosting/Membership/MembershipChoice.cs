namespace SeqMnistSweep.Cli.Hosting.Membership;

/// <summary>Where a cluster keeps its membership: what <c>--membership</c> says, to head and workers alike. In a server's, workers may
/// declare a frozen head dead, which then needs a supervisor; the head's own table needs no server.</summary>
internal abstract record MembershipChoice
{
    public const string Accepted =
        "head, redis://[USER:PASSWORD@]HOST[:PORT][/NUMBER] or postgres://USER:PASSWORD@HOST[:PORT]/DATABASE (rediss:// for Redis with "
            + "TLS)";

    private MembershipChoice()
    {
    }

    /// <exception cref="FormatException">It is none of them; the message says what is accepted.</exception>
    public static MembershipChoice Parse(string text)
    {
        if (text == "head") return new InHead();

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !text.Contains("://", StringComparison.Ordinal))
        {
            throw new FormatException($"--membership: that is no address; accepted: {Accepted}");
        }

        return uri.Scheme switch
        {
            "redis" or "rediss" => Redis.From(uri),
            "postgres" or "postgresql" => Postgres.From(uri),
            _ => throw Unusable(uri, $"'{uri.Scheme}' is not known"),
        };
    }

    /// <summary>To be shown: without the password.</summary>
    public abstract override string ToString();

    /// <summary>A slip may put the password anywhere behind the host.</summary>
    private static FormatException Unusable(Uri uri, string reason) =>
        new($"--membership {uri.Scheme}://{uri.Host}: {reason}; accepted: {Accepted}");

    /// <summary>Reads what both kinds of server have in common.</summary>
    private static (string Host, int Port, string? User, string? Password, string Path) Parts(Uri uri, int port)
    {
        if (uri.Host.Length == 0) throw Unusable(uri, "no host is named");

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            throw Unusable(uri, "nothing may follow the path");
        }

        var login = uri.UserInfo.Split(':', 2);
        return (
            uri.DnsSafeHost, uri.Port > 0 ? uri.Port : port, Text(login[0]), login.Length > 1 ? Text(login[1]) : null,
            Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')));
    }

    private static string? Text(string escaped) => escaped.Length == 0 ? null : Uri.UnescapeDataString(escaped);

    private static string Host(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;

    /// <summary>In the head's database.</summary>
    internal sealed record InHead : MembershipChoice
    {
        public override string ToString() => "head";
    }

    /// <param name="Number">Of the database within the server.</param>
    internal sealed record Redis(string Server, int Port, int Number, string? User, string? Password, bool Tls) : MembershipChoice
    {
        public override string ToString() => $"{(Tls ? "rediss" : "redis")}://{Host(Server)}:{Port}/{Number}";

        internal static Redis From(Uri uri)
        {
            var (server, port, user, password, path) = Parts(uri, 6379);
            var number = 0;
            if (path.Length > 0 && !int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                throw Unusable(uri, "what follows the host is no number of a database");
            }

            return new Redis(server, port, number, user, password, uri.Scheme == "rediss");
        }
    }

    internal sealed record Postgres(string Server, int Port, string Database, string User, string? Password) : MembershipChoice
    {
        public override string ToString() => $"postgres://{Host(Server)}:{Port}/{Database}";

        internal static Postgres From(Uri uri)
        {
            var (server, port, user, password, database) = Parts(uri, 5432);
            return database.Length == 0 || database.Contains('/', StringComparison.Ordinal)
                ? throw Unusable(uri, "one database must be named after the host")
                : new Postgres(server, port, database, user ?? throw Unusable(uri, "no user is named"), password);
        }
    }
}
