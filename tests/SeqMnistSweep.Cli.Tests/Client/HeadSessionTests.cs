using SeqMnistSweep.Cli.Client;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Client;

/// <summary>Commands against a real head in this process, through its gateway.</summary>
public sealed class HeadSessionTests : IAsyncLifetime, IDisposable
{
    private const string Endless = "name: endless\nprogram: noop\nmethod: random\nmetric: {name: value, goal: minimize}\nparameters:\n  x0: {min: 0.0, max: 1.0}\nrun_cap: 100\n";

    private readonly Workplace _onHead = new();
    private readonly Workplace _place = new();
    private TestHead? _head;

    public async Task InitializeAsync()
    {
        await SeededResults.WriteAsync(_onHead.Database);
        _head = await TestHead.StartAsync(_onHead.Database);
        _place.Variables["SEQSWEEP_HEAD"] = _head.Url;
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "sweep.yaml"), Endless);
    }

    public async Task DisposeAsync()
    {
        await _head!.DisposeAsync();
    }

    public void Dispose()
    {
        _onHead.Dispose();
        _place.Dispose();
    }

    [Fact]
    public async Task A_sweep_is_submitted_paused_changed_and_cancelled()
    {
        var submitted = await Ok("submit", "sweep.yaml", "--key", "k");
        var sweep = submitted.Out.Trim();
        Assert.StartsWith("endless-", sweep, StringComparison.Ordinal);
        Assert.Equal(sweep, (await Ok("submit", "sweep.yaml", "--key", "k")).Out.Trim());

        await Ok("pause", sweep, "--reason", "lunch");
        Assert.Contains("lunch", (await Ok("show", sweep)).Out, StringComparison.Ordinal);
        Assert.Contains($"waits\tit is paused by {Environment.UserName}: lunch", (await Ok("show", sweep)).Out, StringComparison.Ordinal);
        await Ok("edit", sweep, "--max-parallel", "3");
        var enqueued = (await Ok("enqueue", sweep, "x0=0.25")).Out.Trim();
        Assert.Contains($"enqueued by {Environment.UserName}", (await Ok("show", enqueued)).Out, StringComparison.Ordinal);
        await Ok("cancel", sweep, "--reason", "enough");

        var again = await _place.RunAsync("resume", sweep);
        Assert.Equal((4, ""), (again.ExitCode, again.Out));
        Assert.Contains("it is cancelled", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await _place.RunAsync("wait", sweep)).ExitCode);
    }

    [Fact]
    public async Task Results_through_the_head_are_those_of_its_file()
    {
        foreach (var command in new[] { "list", "show tcn-done", "show tcn-done/1", "why tcn-done/3", "leaderboard tcn-done", "query select_*_from_trials" })
        {
            foreach (var format in new[] { "table", "json", "csv" })
            {
                string[] words = [.. command.Split(' ').Select(word => word.StartsWith("select", StringComparison.Ordinal) ? word.Replace('_', ' ') : word), "-o", format];
                Assert.Equal((await _onHead.RunAsync(words)).Out, (await Ok(words)).Out);
            }
        }
    }

    [Fact]
    public async Task A_backup_through_the_head_is_whole_and_overwrites_nothing()
    {
        var made = await Ok("backup", "--to", "copy.db");
        Assert.Equal(Path.Combine(_place.Folder, "copy.db"), made.Out.Trim());
        // Nobody runs the copy.
        Assert.Equal(
            (await _onHead.RunAsync("list")).Out.Replace("tcn-live\trunning", "tcn-live\tinterrupted", StringComparison.Ordinal),
            (await Ok("list", "--db", "copy.db")).Out);

        var again = await _place.RunAsync("backup", "--to", "copy.db");
        Assert.Equal((2, ""), (again.ExitCode, again.Out));
        Assert.Contains("exists already", again.Error, StringComparison.Ordinal);
        Assert.Equal(["copy.db", "sweep.yaml"], Directory.EnumerateFiles(_place.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_run_on_the_database_of_a_head_is_sent_to_submit()
    {
        await File.WriteAllTextAsync(Path.Combine(_onHead.Folder, "sweep.yaml"), Endless);
        var run = await _onHead.RunAsync("run", "sweep.yaml");
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("seqsweep submit sweep.yaml", run.Error, StringComparison.Ordinal);
    }

    private async Task<CommandRun> Ok(params string[] args)
    {
        var run = await _place.RunAsync(args);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', args)}: exit code {run.ExitCode}\n{run.Error}");
        return run;
    }
}
