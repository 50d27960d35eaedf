using System.Text.Json;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>The world around the program: streams that cannot be written, terminals that are closed, programs with children.</summary>
public sealed class ProcessTests
{
    private const string Quick = "{name: quick, program: noop, method: grid, parameters: {epochs: {value: 2}, x: {values: [1, 2, 3]}}}";

    [Theory]
    [InlineData("2>/dev/full", 0)]
    [InlineData("2>&-", 0)]
    [InlineData("<&- 2>&-", 0)]
    [InlineData("2>&- 1>/dev/null", 0)]
    [InlineData(">/dev/full", 4)]
    [InlineData(">&-", 4)]
    [InlineData(">/dev/full 2>&1", 4)]
    public async Task Talk_that_cannot_be_written_is_dropped_and_data_that_cannot_is_an_error(string streams, int code)
    {
        using var place = new SeqSweep();
        place.Write("quick.yaml", Quick);
        await using var run = Redirected(place, streams, "run", "quick.yaml");
        (await run.EndAsync()).WithoutStackTrace().Expect(code);

        var sweep = Assert.Single(place.Reader.Sweeps());
        Assert.Equal(("completed", 3L), (sweep.State, sweep.Completed));
        await using var list = Redirected(place, streams, "export");
        (await list.EndAsync()).WithoutStackTrace().Expect(code);
    }

    [Fact]
    public async Task A_worker_without_a_log_waits_for_its_head()
    {
        using var place = new SeqSweep();
        await using var worker = Redirected(place, ">/dev/full 2>&1", "worker", "--head", "http://127.0.0.1:9");
        await Task.WhenAny(worker.EndAsync(), Task.Delay(TimeSpan.FromSeconds(5)));
        Assert.False(worker.HasExited);
        worker.Signal("TERM");
        (await worker.EndAsync()).Expect(0);
    }

    [Fact]
    public async Task A_closed_terminal_stops_a_run_as_SIGTERM_does_also_when_it_is_told_twice()
    {
        using var place = new SeqSweep();
        place.Write("program.py", """
            import json, signal, sys, time
            signal.signal(signal.SIGTERM, lambda *_: (open("saved", "w").close(), sys.exit(0)))
            open("ready", "w").close()
            for epoch in range(1, 3000):
                print(json.dumps({"epoch": epoch, "loss": 1 / epoch}), flush=True)
                time.sleep(0.1)
            """);
        place.Write("slow.yaml", "{name: slow, program: program.py, method: grid, metric: {name: loss}, parameters: {x: {values: [1]}}}");
        await using var run = place.Start("run", "slow.yaml");
        await run.UntilAsync(() => File.Exists(Path.Combine(place.Folder, "ready")), "the program");
        run.Signal("HUP");
        run.Signal("HUP");

        var ended = (await run.EndAsync()).WithoutStackTrace().Expect(129);
        Assert.EndsWith("To go on: seqsweep run slow.yaml", ended.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(place.Folder, "saved")));
    }

    [Theory]
    [InlineData("setsid sleep SECONDS & sleep 0.3; echo '{\"epoch\":1,\"loss\":1}'", "a session of its own")]
    [InlineData("(setsid sh -c 'sleep SECONDS & sleep 0.1' &) ; sleep 0.5; echo '{\"epoch\":1,\"loss\":1}'", "twice removed")]
    [InlineData("env -i setsid nohup sleep SECONDS & sleep 0.3; echo '{\"epoch\":1,\"loss\":1}'; exit 3", "left by a crash")]
    [InlineData("setsid sleep SECONDS & sleep 0.3; kill -KILL $$", "left by a kill")]
    [InlineData("setsid sh -c 'sleep SECONDS & sleep SECONDS' & sleep 0.3; kill -KILL 0", "left by a kill of the whole group")]
    public async Task Nothing_that_a_program_started_outlives_its_attempt(string script, string what)
    {
        using var place = new SeqSweep();
        var seconds = $"{Environment.TickCount64 % 9000 + 1000}.{Environment.ProcessId}";
        place.Write("sweep.yaml", Program(script.Replace("SECONDS", seconds, StringComparison.Ordinal)));
        (await place.RunAsync("run", "sweep.yaml")).WithoutStackTrace();
        Assert.True(Running(seconds) == 0, $"{what}: it still runs");
    }

    [Fact]
    public async Task Nothing_that_a_program_started_outlives_a_worker_that_is_killed()
    {
        using var place = new SeqSweep();
        var seconds = $"{Environment.TickCount64 % 9000 + 1000}.{Environment.ProcessId}";
        const string script = "(setsid sh -c 'sleep SECONDS & sleep 0.1' &) ; sleep 0.5; trap '' TERM; sleep SECONDS";
        place.Write("sweep.yaml", Program(script.Replace("SECONDS", seconds, StringComparison.Ordinal)));
        await using var run = place.Start("run", "sweep.yaml");
        await run.UntilAsync(() => Running(seconds) == 2, "the trial");
        run.Signal("KILL");
        await run.UntilAsync(() => Running(seconds) == 0, "the end of all that the program started");
    }

    /// <summary>Processes with the word on their command line.</summary>
    private static int Running(string word) => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Count(folder => CommandOf(folder) is { } command && command.StartsWith("sleep", StringComparison.Ordinal) && command.Contains(word, StringComparison.Ordinal));

    private static string? CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Program(string script) => $$$"""
        name: leaves
        program: script
        command: [/bin/sh, -c, {{{JsonSerializer.Serialize(script)}}}]
        method: grid
        retry: {max: 0}
        metric: {name: loss}
        parameters: {x: {values: [1]}}
        """;

    private static RunningProgram Redirected(SeqSweep place, string streams, params string[] arguments) =>
        new(SeqSweep.Program, arguments, place.Folder, "sh", "-c", $"exec \"$@\" {streams}", "sh");
}
