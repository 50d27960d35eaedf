using System.Text.Json;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What every command owes to people and to scripts: exit codes, an empty standard output when it fails, no escape codes in a pipe.</summary>
public sealed class CommandTests
{
    private const string Sweep = """
        name: quick.sweep
        program: noop
        method: grid
        parameters:
          epochs: {value: 2}
          x: {values: [1, 2, 3]}
        """;

    [Theory]
    [InlineData(2, "unknown command 'lst'", "lst")]
    [InlineData(2, "did you mean '--slots'", "run", "quick.yaml", "--slost", "2")]
    [InlineData(2, "seqsweep run needs FILE", "run")]
    [InlineData(2, "seqsweep data needs one of: list, fetch, verify, path", "data")]
    [InlineData(2, "seqsweep data path needs NAME", "data", "path")]
    [InlineData(2, "--slots takes a number, auto, or auto:N for at most N, not 'many'", "run", "quick.yaml", "--slots", "many")]
    [InlineData(2, "--slots 0 is below 1", "run", "quick.yaml", "--slots", "0")]
    [InlineData(2, "--name is given an empty value", "worker", "--name", "")]
    [InlineData(2, "--name is given an empty value", "worker", "--name", "  ")]
    [InlineData(2, "--data is given an empty value", "run", "quick.yaml", "--data", "")]
    [InlineData(2, "FILE is given an empty value", "run", "")]
    [InlineData(2, "'tpu' is no device", "run", "quick.yaml", "--device", "tpu")]
    [InlineData(2, "is a folder, not a database", "list", "--db", ".")]
    [InlineData(2, "is not an SQLite database", "list", "--db", "quick.yaml")]
    [InlineData(2, "is not an SQLite database", "run", "quick.yaml", "--db", "quick.yaml")]
    [InlineData(5, "there is no file none.yaml", "run", "none.yaml")]
    [InlineData(5, "there is no database", "list")]
    [InlineData(5, "there is no database", "query", "select 1")]
    [InlineData(5, "there is no dataset 'cifar'", "data", "path", "cifar")]
    [InlineData(5, "the sweep file has no key 'metric.gaol'", "explain", "metric.gaol")]
    public async Task A_refused_command_says_why_on_standard_error_alone(int code, string said, params string[] arguments)
    {
        using var sweep = new SeqSweep();
        sweep.Write("quick.yaml", Sweep);
        var ended = (await sweep.RunAsync(arguments)).WithoutStackTrace().Expect(code);
        Assert.Empty(ended.Output);
        Assert.StartsWith("error: ", ended.Error, StringComparison.Ordinal);
        Assert.Contains(said, ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(sweep.Folder, ".seqsweep")), "something was written");
    }

    [Fact]
    public async Task A_libtorch_that_does_not_load_is_told_before_there_is_a_sweep()
    {
        using var sweep = new SeqSweep();
        sweep.Write("tcn.yaml", "method: grid\nparameters: {dataset: {value: glyphs}}\n");
        var ended = (await sweep.RunAsync("run", "tcn.yaml", "--libtorch", sweep.Folder)).WithoutStackTrace().Expect(2);
        Assert.Empty(ended.Output);
        Assert.Contains($"--libtorch names {sweep.Folder}, which holds no libtorch_cpu.so", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(sweep.Database));
    }

    [Fact]
    public async Task What_is_read_back_is_plain_text_and_json_that_parses()
    {
        using var sweep = new SeqSweep();
        sweep.Write("quick.yaml", Sweep);
        (await sweep.RunAsync("run", "quick.yaml")).WithoutStackTrace().Expect(0);
        var id = sweep.OnlySweep().Sweep.Id.Value;
        string[][] commands =
        [
            ["list"], ["show", id], ["show", $"{id}/2"], ["leaderboard"], ["leaderboard", "quick.sweep"], ["query", "select * from events"],
            ["plan", "quick.yaml"], ["validate", "quick.yaml"], ["data", "list"], ["version"],
        ];
        foreach (var command in commands)
        {
            var table = (await sweep.RunAsync(command)).WithoutStackTrace().Expect(0);
            Assert.NotEmpty(table.Output);
            Assert.DoesNotContain('\u001b', table.Output + table.Error);

            var json = (await sweep.RunAsync([.. command, "-o", "json"])).WithoutStackTrace().Expect(0);
            using var parsed = JsonDocument.Parse(json.Output);
        }
    }

    [Fact]
    public async Task An_error_is_json_where_json_was_asked_for()
    {
        using var sweep = new SeqSweep();
        var ended = (await sweep.RunAsync("list", "--db", "none.db", "-o", "json")).Expect(5);
        Assert.Empty(ended.Output);
        using var error = JsonDocument.Parse(ended.Error);
        Assert.Equal("not_found", error.RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("delete from trials")]
    [InlineData("drop view trials")]
    [InlineData("pragma user_version = 9")]
    [InlineData("attach database 'other.db' as other")]
    [InlineData("vacuum into 'copy.db'")]
    [InlineData("select 1; delete from trials")]
    [InlineData("with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c", "--timeout", "1")]
    public async Task A_query_only_reads_and_ends(string sql, params string[] options)
    {
        using var sweep = new SeqSweep();
        sweep.Write("quick.yaml", Sweep);
        (await sweep.RunAsync("run", "quick.yaml")).Expect(0);
        var before = await File.ReadAllBytesAsync(sweep.Database);
        var ended = (await sweep.RunAsync(["query", sql, .. options])).WithoutStackTrace().Expect(2);
        Assert.Empty(ended.Output);
        Assert.Equal(before, await File.ReadAllBytesAsync(sweep.Database));
        Assert.False(File.Exists(Path.Combine(sweep.Folder, "other.db")) || File.Exists(Path.Combine(sweep.Folder, "copy.db")));
    }

    [Theory]
    [InlineData(".seqsweep/../.seqsweep/sweeps.db", "")]
    [InlineData("linked.db", "ln -s .seqsweep/sweeps.db linked.db")]
    [InlineData("hard.db", "ln .seqsweep/sweeps.db hard.db")]
    [InlineData("moved.db", "mv .seqsweep/sweeps.db moved.db")]
    public async Task A_second_run_on_the_database_is_refused_whatever_its_path_and_told_who_holds_it(string path, string way)
    {
        using var sweep = new SeqSweep();
        sweep.Write("slow.yaml", Sweep.Replace("epochs: {value: 2}", "epochs: {value: 1000}\n  sleep_ms: {value: 100}", StringComparison.Ordinal));
        await using var first = sweep.Start("run", "slow.yaml");
        await first.UntilAsync(() => first.Error.Contains("epoch", StringComparison.Ordinal), "the first epoch");
        await System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", way]) { WorkingDirectory = sweep.Folder })!.WaitForExitAsync();
        var second = (await sweep.RunAsync("run", "slow.yaml", "--db", path)).WithoutStackTrace().Expect(2);
        Assert.Empty(second.Output);
        Assert.Contains($"pid {first.Id}", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sweep_in_which_everything_fails_says_why_and_is_exit_code_7()
    {
        using var sweep = new SeqSweep();
        sweep.Write("diverges.yaml", """
            method: grid
            parameters:
              dataset: {value: glyphs}
              levels: {value: 4}
              kernel_size: {value: 3}
              input_channels: {value: 28}
              hidden: {value: 4}
              train_limit: {value: 1024}
              eval_limit: {value: 100}
              optimizer: {value: SGD}
              lr: {value: 1.0e+6}
            """);
        var ended = (await sweep.RunAsync("run", "diverges.yaml")).WithoutStackTrace().Expect(7);
        Assert.Empty(ended.Output);
        Assert.Contains("no trial completed; trial 1 failed: diverged", ended.Error, StringComparison.Ordinal);
        var shown = (await sweep.RunAsync("show", $"{sweep.OnlySweep().Sweep.Id}/1")).Expect(0);
        Assert.Contains("the training loss became", shown.Output, StringComparison.Ordinal);
    }
}
