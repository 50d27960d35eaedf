using System.Net;
using System.Net.Http.Json;
using System.Text;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S4, S5, S11: what a request without a credential, or with too small a one, comes to.</summary>
public sealed class RoleTests
{
    private const string Sweep = """
        name: mine
        program: ask
        method: grid
        metric: {name: loss, goal: minimize}
        parameters: {x: {values: [1, 2, 3]}}
        """;

    private const string Trained = """
        name: trained
        program: noop
        method: random
        run_cap: 2
        metric: {name: value, goal: minimize}
        parameters: {x: {min: 0.0, max: 1.0}, sleep_ms: {value: 200}}
        """;

    private static readonly (string Method, string Path, string? Body)[] Attempts =
    [
        ("POST", "membership/update", """{"version":1,"etag":1,"entry":{"silo":"127.0.0.1:1@1","status":"Dead"}}"""),
        ("POST", "sweeps", """{"source":"name: rce","new":true}"""),
        ("POST", "sweeps/mine-0000/tell", """{"trial":"mine-0000/1","lease":1,"value":-1e300}"""),
        ("POST", "sweeps/mine-0000/ask", """{"lease_seconds":86400}"""),
        ("PUT", "checkpoints/mine-0000/1/1111111111111111111111111111111111111111111111111111111111111111", "x"),
        ("GET", "backup", null),
        ("GET", "live?topics=sweeps", null),
    ];

    [Fact]
    public async Task A_stranger_is_told_401_and_one_who_guesses_429()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        using var client = new HttpClient();
        foreach (var (method, path, body) in Attempts)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{fleet.Url}/api/v1/{path}");
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await client.SendAsync(request);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, answer.StatusCode));
        }

        var guesses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            using var answer = await client.PostAsJsonAsync($"{fleet.Url}/api/v1/login", new { code = $"guess-{i}" });
            guesses.Add((int)answer.StatusCode);
        }

        Assert.Equal([401, 401, 401, 401, 401, 429], guesses);
    }

    [Fact]
    public async Task A_viewer_reads_and_a_submitter_acts_on_sweeps_of_its_own()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        var others = await fleet.SubmitAsync(Sweep);
        var viewer = await GivenAsync(fleet, "vera", "viewer");
        var submitter = await GivenAsync(fleet, "sam", "submitter");

        Assert.Contains(others.Value, (await AsAsync(fleet, viewer, "list")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("vera is viewer here, and this takes submitter", (await AsAsync(fleet, viewer, "submit", "sweep.yaml")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("and this takes admin", (await AsAsync(fleet, submitter, "token", "list")).Expect(4).Error, StringComparison.Ordinal);

        var own = (await AsAsync(fleet, submitter, "submit", "sweep.yaml")).Expect(0).Output.Trim();
        (await AsAsync(fleet, submitter, "pause", own, "--reason", "lunch")).Expect(0);
        Assert.Contains("is root's", (await AsAsync(fleet, submitter, "pause", others.Value)).Expect(4).Error, StringComparison.Ordinal);
        var event_ = fleet.Reader.Events(Trials.SweepId.Parse(own))[^1];
        Assert.Equal(("sam", "lunch"), (event_.Actor, event_.Reason));
        Assert.NotNull(event_.SaidBy);
        (await AsAsync(fleet, submitter, "resume", own)).Expect(0);

        (await fleet.ClientAsync("token", "revoke", "sam")).Expect(0);
        Assert.Contains("does not take the token", (await AsAsync(fleet, submitter, "list")).Expect(4).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submitter_follows_and_changes_its_sweep_from_submit_to_end()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await fleet.StartWorkerAsync("wk", "--slots", "2");
        var sam = await GivenAsync(fleet, "sam", "submitter");
        await File.WriteAllTextAsync(Path.Combine(fleet.Folder("client"), "sweep.yaml"), Trained);

        var own = (await AsAsync(fleet, sam, "submit", "sweep.yaml", "--paused")).Expect(0).Output.Trim();
        (await AsAsync(fleet, sam, "edit", own, "--run-cap", "4")).Expect(0);
        (await AsAsync(fleet, sam, "enqueue", own, "x=0.25")).Expect(0);
        (await AsAsync(fleet, sam, "resume", own)).Expect(0);
        Assert.Contains("completed  4/4 trials", (await AsAsync(fleet, sam, "watch", own)).Expect(0).Error, StringComparison.Ordinal);
        (await AsAsync(fleet, sam, "wait", own)).Expect(0);
        (await AsAsync(fleet, sam, "logs", $"{own}/1")).Expect(0);
        Assert.Contains("0.25", (await AsAsync(fleet, sam, "leaderboard", own)).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("4", (await AsAsync(fleet, sam, "query", "select count(*) from trials")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("has ended already", (await AsAsync(fleet, sam, "cancel", $"{own}/1")).Error, StringComparison.Ordinal);
        Assert.Contains("sam is submitter here, and this takes operator", (await AsAsync(fleet, sam, "worker", "drain", "wk")).Expect(4).Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(fleet.Folder("client"), "sweep.yaml"), Trained.Replace("random", "tpe", StringComparison.Ordinal));
        (await AsAsync(fleet, sam, "submit", "sweep.yaml", "--prior", own)).Expect(0);
    }

    [Fact]
    public async Task What_the_own_account_does_bears_its_name_and_says_what_it_said()
    {
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        var sweep = await fleet.SubmitAsync(Sweep);
        (await fleet.ClientAsync("pause", sweep.Value, "--reason", "tea")).Expect(0);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await fleet.TokenAsync());
        using var answer = await client.PostAsJsonAsync($"{fleet.Url}/api/v1/sweeps/{sweep}/resume", new { by = "root@prod", reason = "over" });
        Assert.True(answer.IsSuccessStatusCode);
        var (paused, resumed) = fleet.Reader.Events(sweep).TakeLast(2).ToArray() is [var one, var two] ? (one, two) : default;
        Assert.Equal((Environment.UserName, $"{Environment.UserName}@{Environment.MachineName}"), (paused.Actor, paused.SaidBy));
        Assert.Equal((Environment.UserName, "root@prod"), (resumed.Actor, resumed.SaidBy));
    }

    private static async Task<string> GivenAsync(Fleet fleet, string name, string role) =>
        (await fleet.ClientAsync("token", "create", name, "--role", role)).Expect(0).Output.Trim();

    private static async Task<Ended> AsAsync(Fleet fleet, string token, params string[] arguments)
    {
        await using var process = new RunningProgram(SeqSweep.Program, [.. arguments, "--head", fleet.Url], fleet.Folder("client"), "env", $"SEQSWEEP_TOKEN={token}");
        return (await process.EndAsync()).WithoutStackTrace();
    }
}
