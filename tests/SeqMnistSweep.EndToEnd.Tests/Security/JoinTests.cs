using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Results.Certificates;
using SeqMnistSweep.Security;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>How workers get into a cluster of processes, and out of it.</summary>
public sealed class JoinTests
{
    private const string Nothing = """
        name: secured
        program: noop
        method: grid
        parameters:
          x: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}
          sleep_ms: {value: 5000}
        """;

    [NeedsNetworkFact]
    public async Task One_line_lets_hosts_of_their_own_in_and_nothing_but_TLS_is_on_the_wire()
    {
        using var network = new Network("head", "one", "two", "cli");
        await using var fleet = new Fleet(network);
        await using var wire = new Wire(network, "head", fleet);
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "2");
        await fleet.StartWorkerAsync("two", "--slots", "2");
        var loaded = await fleet.EndedAsync(await fleet.SubmitAsync(Nothing));

        Assert.All(loaded.Trials, trial => Assert.Equal((TrialState.Completed, 1), (trial.State, trial.Attempts)));
        Assert.Equal(["one", "two"], loaded.Trials.Select(trial => trial.Worker!).Distinct().Order());
        Assert.Equal("", await wire.StrangeAsync(fleet));
    }

    [Fact]
    public async Task Certificates_are_renewed_while_a_sweep_trains()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync("--certificate-life", "16s");
        await fleet.StartWorkerAsync("one", "--slots", "2");
        var loaded = await fleet.EndedAsync(await fleet.SubmitAsync(Nothing));

        Assert.All(loaded.Trials, trial => Assert.Equal((TrialState.Completed, 1), (trial.State, trial.Attempts)));
        var certificates = new CertificateStore(null!, fleet.Reader.Path).Certificates();
        Assert.True(certificates.Count >= 3, $"{certificates.Count} certificates in 30 s of lives of 16 s");
        Assert.Single(certificates.Select(certificate => certificate.KeyDigest).Distinct());

        // By now the first of everybody's has ended: the next worker and command see new ones.
        await fleet.StartWorkerAsync("two", "--slots", "1");
        (await fleet.ClientAsync("workers")).Expect(0);
    }

    [Fact]
    public async Task A_revoked_worker_is_out_at_once_and_its_trials_go_on_elsewhere()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("bad", "--slots", "2");
        var sweep = await fleet.SubmitAsync(Nothing);
        await fleet.UntilAsync(() => fleet.Load(sweep).Trials.Any(trial => trial.State == TrialState.Running), "a trial on the worker");

        (await fleet.ClientAsync("worker", "revoke", "bad")).Expect(0);

        var ended = (await fleet.Workers["bad"].EndAsync()).WithoutStackTrace();
        Assert.Contains("bad was revoked", ended.Error, StringComparison.Ordinal);
        await fleet.StartWorkerAsync("good", "--slots", "4");
        var loaded = await fleet.EndedAsync(sweep);
        Assert.All(loaded.Trials, trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    [Fact]
    public async Task S4_A_worker_writes_its_own_membership_row_alone_and_a_stranger_none()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("one", "--slots", "1");
        using var stranger = new HttpClient { BaseAddress = new Uri(fleet.Url) };
        using var worker = new HttpClient { BaseAddress = new Uri(fleet.Url) };
        worker.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync(fleet, "two"));

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Membership(""))).StatusCode);
        var table = (await worker.GetFromJsonAsync<JsonObject>(Membership("")))!;
        var one = table["members"]!.AsArray().Single(member => (string)member!["entry"]!["silo_name"]! != "" && (int)member["entry"]!["proxy_port"]! == 0)!;
        var body = new JsonObject { ["version"] = (long)table["version"]!, ["etag"] = (long)one["etag"]!, ["entry"] = one["entry"]!.DeepClone() };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsJsonAsync(Membership("/update"), body)).StatusCode);
        body["entry"]!["status"] = "ShuttingDown";
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsJsonAsync(Membership("/update"), body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await worker.PostAsJsonAsync(Membership("/alive"), new JsonObject { ["silo"] = (string)one["entry"]!["silo"]! })).StatusCode);

        // A vote is taken, and says whose it is.
        body["entry"]!["status"] = "Dead";
        Assert.True((await worker.PostAsJsonAsync(Membership("/update"), body)).IsSuccessStatusCode);
        await fleet.UntilAsync(() => fleet.Head.Error.Contains("Worker two", StringComparison.Ordinal), "the name of the voter");
    }

    private static Uri Membership(string path) => new($"api/v1/membership{path}", UriKind.Relative);

    /// <summary>Joins as a worker of the same account does.</summary>
    private static async Task<string> KeyAsync(Fleet fleet, string name)
    {
        var file = HeadFile.Find(HeadFile.PathsOf(fleet.Ports[0], Environment.GetEnvironmentVariable, Environment.MachineName))!;
        using var client = new HttpClient { BaseAddress = new Uri(fleet.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", file.AdminToken);
        using var request = new KeyRequest();
        using var answer = await client.PostAsJsonAsync(
            new Uri("api/v1/join", UriKind.Relative), new JsonObject { ["name"] = name, ["request"] = request.ToPem() });
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["worker_key"]!;
    }
}
