using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using SeqMnistSweep.Head.Admission;
using SeqMnistSweep.Head.Live;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Security;

namespace SeqMnistSweep.Head.Tests.Http;

/// <summary>How workers and clients get their certificates over HTTP.</summary>
public sealed class JoinEndpointsTests
{
    [Fact]
    public async Task The_authority_is_for_everybody_and_a_certificate_for_who_has_a_secret()
    {
        await using var head = await HttpHead.StartAsync();
        using var stranger = new HttpClient { BaseAddress = head.Url };
        using var authority = X509CertificateLoader.LoadCertificate(await stranger.GetByteArrayAsync(new Uri("ca", UriKind.Relative)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await JoinAsync(stranger, "w")).Status);
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Secret.Create());
        Assert.Equal(HttpStatusCode.Unauthorized, (await JoinAsync(stranger, "w")).Status);

        var (status, answer, _) = await JoinAsync(head.Client, "w");
        Assert.Equal(HttpStatusCode.OK, status);
        using var certificate = X509Certificate2.CreateFromPem(answer!.Certificate);
        Assert.True(ClusterCertificate.IsOf(certificate, authority, CertificateRole.Worker));
    }

    [Fact]
    public async Task A_name_with_a_second_role_in_it_is_refused_in_words()
    {
        await using var head = await HttpHead.StartAsync();

        var (status, _, error) = await JoinAsync(head.Client, "x, OU=operator");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("'x, OU=operator' cannot be the name of a worker", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_asks_and_renews_with_its_key_and_reaches_nothing_else()
    {
        await using var head = await HttpHead.StartAsync();
        using var worker = new HttpClient { BaseAddress = head.Url };
        worker.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await JoinAsync(head.Client, "w")).Answer!.WorkerKey);

        Assert.Equal(HttpStatusCode.NoContent, (await worker.GetAsync(Path("join"))).StatusCode);
        using var request = new KeyRequest();
        Assert.Equal(HttpStatusCode.OK, (await worker.PostAsJsonAsync(Path("join/renew"), new RenewRequest(request.ToPem()), ResultJson.Options)).StatusCode);
        foreach (var path in (string[])["sweeps", "workers", "backup"])
        {
            Assert.False((await worker.GetAsync(Path(path))).IsSuccessStatusCode, path);
        }

        foreach (var path in (string[])["sweeps", "join-lines", "certificate", "workers/w/revoke"])
        {
            Assert.False((await worker.PostAsJsonAsync(Path(path), new JsonObject())).IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task A_revoked_worker_is_told_so()
    {
        await using var head = await HttpHead.StartAsync();
        using var worker = new HttpClient { BaseAddress = head.Url };
        worker.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await JoinAsync(head.Client, "w")).Answer!.WorkerKey);

        Assert.Equal(HttpStatusCode.NoContent, (await head.Client.PostAsJsonAsync(Path("workers/w/revoke"), new JsonObject())).StatusCode);

        using var answer = await worker.GetAsync(Path("join"));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("\"revoked\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await head.Client.PostAsJsonAsync(Path("workers/v/revoke"), new JsonObject())).StatusCode);
    }

    [Fact]
    public async Task An_admin_gets_a_certificate_for_the_gateway()
    {
        await using var head = await HttpHead.StartAsync();
        using var request = new KeyRequest();
        using var answer = await head.Client.PostAsJsonAsync(Path("certificate"), new RenewRequest(request.ToPem()), ResultJson.Options);
        var given = (await answer.Content.ReadFromJsonAsync<CertificateAnswer>(ResultJson.Options))!;

        using var certificate = request.With(given.Certificate);
        using var authority = X509Certificate2.CreateFromPem(given.Ca);
        Assert.True(ClusterCertificate.IsOf(certificate, authority, CertificateRole.Admin));
        Assert.Equal(Environment.UserName, ClusterCertificate.NameOf(certificate));
    }

    [Fact]
    public async Task S13_A_worker_uploads_only_for_the_trial_that_it_has()
    {
        await using var head = await HttpHead.StartAsync();
        await head.Store.Writer.WriteAsync(HttpHead.Sweep, [new SweepChange.TrialUpdated(HttpHead.NewTrial(1) with { Worker = "w" }, 1)]);
        using var worker = new HttpClient { BaseAddress = head.Url };
        worker.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await JoinAsync(head.Client, "w")).Answer!.WorkerKey);

        Assert.Equal(HttpStatusCode.Created, await PutAsync(worker, 1));
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(worker, 2));
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, int trial)
    {
        byte[] bytes = [1, 2, (byte)trial];
        using var answer = await client.PutAsync(new Uri(HttpHead.PathOf(trial, HttpHead.DigestOf(bytes)), UriKind.Relative), new ByteArrayContent(bytes));
        return answer.StatusCode;
    }

    private static Uri Path(string path) => new($"api/v1/{path}", UriKind.Relative);

    private static async Task<(HttpStatusCode Status, JoinAnswer? Answer, string Error)> JoinAsync(HttpClient client, string name)
    {
        using var request = new KeyRequest();
        using var answer = await client.PostAsJsonAsync(Path("join"), new JoinRequest(name, request.ToPem()), ResultJson.Options);
        return answer.IsSuccessStatusCode
            ? (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JoinAnswer>(ResultJson.Options), "")
            : (answer.StatusCode, null, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["error"]!["message"]!);
    }
}
