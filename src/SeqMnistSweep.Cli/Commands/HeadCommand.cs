using Microsoft.Extensions.DependencyInjection;
using SeqMnistSweep.Cli.Hosting;
using SeqMnistSweep.Cli.Hosting.Cluster;
using SeqMnistSweep.Head.Access;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Storage;
using SeqMnistSweep.SweepFiles.Reading;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class HeadCommand : Verb
{
    private readonly Option<string> _listen =
        Value("--listen", "ADDRESS", "listen here; beyond this machine with TLS, for those who have a join line or a token", "127.0.0.1");
    private readonly Option<string?> _advertise =
        Value<string?>("--advertise", "ADDRESS", "the address that workers and clients use, when it is another");
    private readonly Option<int> _http = Value("--http-port", "N", "HTTP: workers and clients begin here", 8080);
    private readonly Option<int> _silo = Value("--silo-port", "N", "for workers", 11111);
    private readonly Option<int> _gateway = Value("--gateway-port", "N", "for clients", 30000);
    private readonly Option<string?> _data =
        Value<string?>("--data", "DIR", "a folder with a folder per dataset, looked at first; workers get from it what they lack");
    private readonly Option<string?> _quota = Value<string?>("--checkpoint-quota", "SIZE",
        "room for checkpoints, such as 200GB; over it those of ended trials go, the oldest first");
    private readonly Option<string> _membership = MembershipOption.Create();
    private readonly Option<string[]> _hosts =
        Value<string[]>("--allow-host", "NAME",
            "a name other than this machine's own by which browsers reach this head; repeat it for more");
    private readonly Option<string?> _webhook =
        Value<string?>("--webhook", "URL",
            "is sent JSON when a sweep ends, has a new best, or fails too often; @FILE, or SEQSWEEP_WEBHOOK, keeps a secret one out of ps");
    private readonly Option<double> _failureRate =
        Value("--failure-rate", "SHARE", "of ended trials, from 10 on, that tells the webhook", 0.5);
    private readonly Option<string?> _tlsCertificate =
        Value<string?>("--tls-cert", "FILE", "a certificate in PEM for HTTPS, in place of the cluster's own");
    private readonly Option<string?> _tlsKey = Value<string?>("--tls-key", "FILE", "its key in PEM");
    private readonly Option<string?> _life = new("--certificate-life") { Hidden = true };
    private readonly Option<bool> _insecure = CommonOptions.Insecure();

    public HeadCommand(CommonOptions options)
        : base("head", "own the database and the sweeps, for workers and clients", "Fleet",
            ("seqsweep head", "on this machine; workers: seqsweep worker"),
            ("seqsweep head --listen 0.0.0.0", "for workers elsewhere; it prints the line by which they join"),
            ("seqsweep head --db /var/lib/seqsweep/sweeps.db", "another database"))
    {
        this.Takes(
            options.Database, _listen, _advertise, _http, _silo, _gateway, _data, _quota, _membership, _hosts, _webhook,
            _failureRate, _tlsCertificate, _tlsKey, _life, _insecure);

        SetAction((parsed, stop) => RunAsync(options, parsed, stop));
    }

    private async Task<int> RunAsync(CommonOptions options, ParseResult parsed, CancellationToken stop)
    {
        var context = options.Context;
        var host = new HeadHostOptions
        {
            Listen = ListenAddress.Of(parsed.GetValue(_listen)!, parsed.GetValue(_advertise)),
            Insecure = parsed.GetValue(_insecure),
            HttpCertificate = HttpCertificate.Read(parsed.GetValue(_tlsCertificate), parsed.GetValue(_tlsKey)),
            Lives = LivesOf(GivenTime.Of(parsed, _life)),
            HttpPort = parsed.GetValue(_http),
            SiloPort = parsed.GetValue(_silo),
            GatewayPort = parsed.GetValue(_gateway),
            Membership = MembershipOption.Read(parsed, _membership, context),
            Variable = context.Variable,
        };
        var database = options.DatabasePath(parsed);
        var folder = Path.GetDirectoryName(database)!;
        using var store = await HeadStore.OpenAsync(database, context.Time);
        ProjectFolder.KeepOutOfGit(folder);
        if (store.Backup is { } backup)
        {
            context.Say($"the database was brought up to date; the old one is kept as {backup}");
        }

        await using var head = await HeadHost.StartAsync(
            host,
            OptionsOf(folder, new HeadData(parsed.GetValue(_data) is { } data ? Path.GetFullPath(data, context.Folder) : null),
                parsed.GetValue(_quota)) with
            {
                Insecure = parsed.GetValue(_insecure),
                AllowedHosts = [.. parsed.GetValue(_hosts) ?? []],
                Webhook = WebhookOf(context, parsed.GetValue(_webhook), parsed.GetValue(_failureRate)),
            },
            store,
            [new ConsoleLog(context.Error, context.Time), new FileLog(Path.Combine(folder, "logs", "head.log"), context.Time)],
            context.Time,
            stop);
        var at = head.Addresses;
        context.Announce($"head ready: {at.Http.ToString().TrimEnd('/')}  silo {at.Silo}  gateway {at.Gateway}  database {database}");
        SayHowToSeeIt(context, head);
        if (await HeadWelcome.TextAsync(head, host, isSeen: context.OutWidth is not null) is { } welcome)
        {
            context.Announce(welcome);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Say("stopping: workers train on and wait for the next head");
        await head.StopAsync();
        return ExitCodes.Ok;
    }

    /// <summary>The link itself only to a terminal: what is written to a file may be read by others.</summary>
    private static void SayHowToSeeIt(CommandContext context, HeadHost head)
    {
        var code = head.Services.GetRequiredService<LoginCodes>().Create(Credentials.Own);
        context.Announce(context.OutWidth is null
            ? "  your browser   seqsweep open"
            : $"  your browser   {SignInLink.Of(head.Addresses.Http, code)}   once, within 10 minutes; then: seqsweep open");
    }

    /// <param name="life">For tests; null for the usual ones.</param>
    private static CertificateLives LivesOf(TimeSpan? life) =>
        life is { } given ? new CertificateLives(given, given, given) : CertificateLives.Usual;

    private static WebhookOptions? WebhookOf(CommandContext context, string? given, double failureRate)
    {
        var url = SecretOption.Read("--webhook", given, SecretOption.WebhookVariable, context);
        if (url is null) return null;

        if (url == given && Uri.TryCreate(url, UriKind.Absolute, out var plain) && plain.PathAndQuery.Length > 1)
        {
            context.Say(
                "warning: every account of this machine reads --webhook on the command line; where its path is a secret, give --webhook "
                    + $"@FILE or set {SecretOption.WebhookVariable}");
        }

        return WebhookOf(url, failureRate);
    }

    private static WebhookOptions WebhookOf(string url, double failureRate) => url switch
    {
        _ when failureRate is not (> 0 and < 1) => throw new CommandError(
            ExitCodes.Usage, $"--failure-rate {failureRate} is no share", "give one between 0 and 1, such as 0.5"),
        _ when Uri.TryCreate(url, UriKind.Absolute, out var to) && (to.Scheme is "http" or "https") => new WebhookOptions(to, failureRate),
        _ => throw new CommandError(ExitCodes.Usage, "--webhook is no address", "write http://HOST/PATH or https://HOST/PATH"),
    };

    private static HeadOptions OptionsOf(string folder, HeadData data, string? quota) => new()
    {
        CheckpointFolder = Path.Combine(folder, "checkpoints"),
        CheckpointQuota = quota is null
            ? null
            : Quantities.Size(quota) ?? throw new CommandError(
                ExitCodes.Usage, $"--checkpoint-quota takes a size such as 200GB or 50GiB, not '{quota}'"),
        Datasets = data.Find,
        Samples = data.Samples,
        FindDatasets = data.DigestsAsync,
        QueryCommand = RunnerCommandLine.Query(),
    };
}
