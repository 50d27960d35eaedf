using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SeqMnistSweep.Cli.Hosting.Tls;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Cli.Hosting.Cluster;

/// <summary>Gets a worker into the cluster of a head and keeps it there: by a join line, or by the head file where the head is of this
/// account and on this machine.</summary>
internal sealed class WorkerAdmission(string name, Uri head, JoinLine? line, CommandContext context)
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Enough for a certificate.</summary>
    private const int LargestAuthority = 64 << 10;

    /// <exception cref="HeadUnreachable">The head does not answer now.</exception>
    /// <exception cref="CommandError">It does not let this worker in.</exception>
    public async Task<WorkerPass> JoinAsync(CancellationToken cancellation)
    {
        var authority = line is null ? await OwnAuthorityAsync(cancellation) : await PinnedAuthorityAsync(line, cancellation);
        var pass = new WorkerPass(head, authority);
        await GetInAsync(pass, cancellation);
        return pass;
    }

    /// <summary>HTTP to the head as the worker that it has let in.</summary>
    public static HttpClient Client(WorkerPass pass) => Client(pass, () => pass.Key);

    /// <summary>Renews what the worker has at half its life, and joins anew where the head has forgotten it.</summary>
    /// <returns>Why the head wants it no more.</returns>
    public async Task<string> KeepAsync(WorkerPass pass, CancellationToken cancellation)
    {
        using var client = Client(pass);
        var renewal = RenewalOf(pass);
        while (true)
        {
            try
            {
                if (context.Time.GetUtcNow() >= renewal)
                {
                    await CallAsync(pass, client, "renew", request => new RenewRequest(request), cancellation);
                    renewal = RenewalOf(pass);
                }
                else
                {
                    await CheckAsync(client, cancellation);
                }
            }
            catch (NotLetInException error) when (error.Code == "revoked")
            {
                return error.Message;
            }
            catch (NotLetInException error)
            {
                if (await TryGetInAsync(pass, cancellation) is { } why) return $"{error.Message}, and joining anew failed: {why}";

                renewal = RenewalOf(pass);
            }
            catch (HeadUnreachable)
            {
                // It is away for a while; what the worker has holds for a while too.
            }

            await Task.Delay(CheckEvery < pass.Life / 8 ? CheckEvery : pass.Life / 8, context.Time, cancellation);
        }
    }

    private DateTimeOffset RenewalOf(WorkerPass pass) => ClusterCertificate.RenewalOf(pass.Certificate, context.Time.GetUtcNow());

    private async Task<string?> TryGetInAsync(WorkerPass pass, CancellationToken cancellation)
    {
        try
        {
            await GetInAsync(pass, cancellation);
            return null;
        }
        catch (CommandError error) when (error is not HeadUnreachable)
        {
            return error.Message;
        }
    }

    private async Task GetInAsync(WorkerPass pass, CancellationToken cancellation)
    {
        using var client = line is null ? HeadHttp.Create(context.Variable) : Client(pass, () => line.JoinSecret);
        try
        {
            await CallAsync(pass, client, "", request => new JoinRequest(name, request), cancellation);
        }
        catch (NotLetInException error)
        {
            throw new CommandError(
                ExitCodes.NotAllowed, $"the head at {head.GetLeftPart(UriPartial.Authority)} does not let this worker in: {error.Message}",
                "on the head: seqsweep join-line");
        }
    }

    /// <exception cref="NotLetInException">The head does not know who asks.</exception>
    private Task<bool> CallAsync<TBody>(
        WorkerPass pass, HttpClient client, string path, Func<string, TBody> body, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head, HeadHttp.Patience, null, async limit =>
        {
            using var request = new KeyRequest();
            using var answer = await client.PostAsJsonAsync(
                new Uri(head, $"api/v1/join/{path}".TrimEnd('/')), body(request.ToPem()), ResultJson.Options, limit);
            await RequireAsync(answer, limit);
            pass.Take(request, (await answer.Content.ReadFromJsonAsync<JoinAnswer>(ResultJson.Options, limit))!, context.Time.GetUtcNow());
            return true;
        }, cancellation);

    private Task<bool> CheckAsync(HttpClient client, CancellationToken cancellation) =>
        HeadHttp.CallAsync(head, HeadHttp.Patience, null, async limit =>
        {
            using var answer = await client.GetAsync(new Uri(head, "api/v1/join"), limit);
            await RequireAsync(answer, limit);
            return true;
        }, cancellation);

    private async Task RequireAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.IsSuccessStatusCode) return;

        var error = await HeadHttp.ErrorAsync(answer, cancellation);
        throw answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new NotLetInException(error?.Code ?? "", error?.Message ?? "it knows no such secret"),
            HttpStatusCode.BadRequest when error is not null =>
                new CommandError(ExitCodes.Usage, error.Message, "another one: --name NAME"),
            _ => new HeadUnreachable(head, error?.Message ?? $"it answers {(int)answer.StatusCode}"),
        };
    }

    /// <exception cref="HeadRefuses">The head there is another account's.</exception>
    private async Task<X509Certificate2> OwnAuthorityAsync(CancellationToken cancellation)
    {
        if (HeadCredential.AuthorityOf(head, context.Variable) is { } known) return known;

        if (head.IsLoopback)
        {
            using var client = HeadHttp.Create(context.Variable);
            (await HeadHttp.AskAsync(client, head, cancellation)).RequireSameVersion(head);
        }

        throw new HeadUnknown(head);
    }

    /// <summary>Fetched from whoever answers, and believed only if it is the one of the line: nothing is sent before.</summary>
    private async Task<X509Certificate2> PinnedAuthorityAsync(JoinLine line, CancellationToken cancellation)
    {
        using var handler = Handler();
#pragma warning disable CA5359 // What is fetched is public, and compared with the pin.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var blind = new HttpClient(handler) { MaxResponseContentBufferSize = LargestAuthority };
        var shown = await HeadHttp.CallAsync(
            head, HeadHttp.Patience, null, limit => blind.GetByteArrayAsync(new Uri(head, "ca"), limit), cancellation);
        if (Files.Digest.Of(shown) == line.Pin)
        {
            try
            {
                return X509CertificateLoader.LoadCertificate(shown);
            }
            catch (CryptographicException error)
            {
                throw new HeadUnreachable(head, error.Message);
            }
        }

        throw new CommandError(
            ExitCodes.NotAllowed,
            $"what answers at {head.GetLeftPart(UriPartial.Authority)} is not the head of the join line: its authority is another one",
            "nothing was sent to it. Check the address; a head with a new folder has a new line: seqsweep join-line");
    }

    private static HttpClient Client(WorkerPass pass, Func<string> bearer)
    {
        var handler = Handler();
        handler.SslOptions = pass.Tls();
        return new HttpClient(new BearerHandler(_ => bearer(), handler)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static SocketsHttpHandler Handler() =>
        new() { ConnectTimeout = ConnectTimeout, UseProxy = false, AllowAutoRedirect = false, UseCookies = false };

    private sealed class NotLetInException(string code, string message) : Exception(message)
    {
        public string Code => code;
    }
}

/// <summary>Nothing here lets a worker into that head: not now, at least.</summary>
internal sealed class HeadUnknown(Uri head) : CommandError(
    ExitCodes.NotAllowed,
    $"this account has no head at {head.GetLeftPart(UriPartial.Authority)}, and no join line is given",
    "on the head: seqsweep join-line; here: seqsweep worker --join LINE");
