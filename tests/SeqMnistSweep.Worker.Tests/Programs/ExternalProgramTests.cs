using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.Versioning;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Trials;
using SeqMnistSweep.Worker.Programs;
using SeqMnistSweep.Worker.Protocol;
using SeqMnistSweep.Worker.Runners;
using SeqMnistSweep.Worker.Tests.Support;

namespace SeqMnistSweep.Worker.Tests.Programs;

/// <summary>Users' programs, as shell scripts on a worker whose head the test plays.</summary>
public sealed class ExternalProgramTests
{
    private const string Forever = """echo '{"value":1}'; while :; do sleep 0.05; done""";

    [Fact]
    public async Task Lines_are_reports_and_exit_code_0_completes()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """echo hello; echo '{"value":3}'; echo warn >&2; echo '{"epoch":5,"value":NaN}'; echo '{"value":1}'""");
        Assert.Equal(["Started", "1: 3", "5: NaN", "6: 1", "Completed"], Words(rig));
        Assert.Equal(["hello", "warn"], (await File.ReadAllLinesAsync(LogOf(rig))).Order());
    }

    [Fact]
    public async Task The_environment_says_what_is_run()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """echo "$SEQSWEEP_TRIAL $SEQSWEEP_SWEEP $SEQSWEEP_ATTEMPT $SEQSWEEP_SEED $SEQSWEEP_DEVICE $SEQSWEEP_PARAMETERS ${SEQSWEEP_RESUME-none} $OMP_NUM_THREADS [$CUDA_VISIBLE_DEVICES]"; pwd""");
        Assert.Equal(["rig-0000/1 rig-0000 1 1 cpu {} none 2 []", rig.Folder], await File.ReadAllLinesAsync(LogOf(rig)));
    }

    [Fact]
    public async Task A_hundred_thousand_rungs_keep_no_program_from_its_start()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """echo "${#SEQSWEEP_RUNGS}" """, grant => grant with { Rungs = [.. Enumerable.Range(1, 100_000)] });
        Assert.InRange(int.Parse((await File.ReadAllLinesAsync(LogOf(rig)))[0], System.Globalization.CultureInfo.InvariantCulture), 40_000, 128 << 10);
    }

    [Fact]
    public async Task Variables_of_the_sweep_file_stand_over_the_workers()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """echo "$OMP_NUM_THREADS|$SEED|$WHERE|$PATH|$LITERAL|$SEQSWEEP_SEED" """, grant => grant with
        {
            ProgramSettings = new ProgramSettings
            {
                Environment = ImmutableSortedDictionary.CreateRange(new Dictionary<string, string>
                {
                    ["OMP_NUM_THREADS"] = "7", ["SEED"] = "s${seed}", ["WHERE"] = "${trial}", ["PATH"] = "${envvar:PATH}:/opt/x y", ["LITERAL"] = "${HOME} $(id)",
                }),
            },
        });
        Assert.Equal($"7|s1|rig-0000/1|{Environment.GetEnvironmentVariable("PATH")}:/opt/x y|${{HOME}} $(id)|1", (await File.ReadAllLinesAsync(LogOf(rig))).Single());
    }

    [Fact]
    public async Task What_starts_a_program_does_not_see_its_variables()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """tr '\0' '\n' < /proc/$PPID/environ | grep -c ^IT=; env | grep -c SEQSWEEP_SET_; echo "$IT" """, grant => grant with
        {
            ProgramSettings = new ProgramSettings { Environment = ImmutableSortedDictionary<string, string>.Empty.Add("IT", "a\nb \" $x `id`") },
        });
        Assert.Equal(["0", "0", "a", "b \" $x `id`"], await File.ReadAllLinesAsync(LogOf(rig)));
    }

    [Fact]
    public async Task A_program_that_only_prints_reports_by_its_pattern_on_both_streams()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """echo 'Epoch 1/2'; echo 'value: 3,'; printf 'bar\rEpoch 2/2 value: 2.5\n' >&2""", grant => grant with
        {
            ProgramSettings = new ProgramSettings { MetricsPattern = @"Epoch (?P<epoch>\d+)|value: (?P<value>\S+)" },
        });
        Assert.Equal(["1: 3", "2: 2.5", "Completed", "Started"], Words(rig).Order(StringComparer.Ordinal));
        Assert.Equal(["Epoch 1/2", "bar\rEpoch 2/2 value: 2.5", "value: 3,"], (await File.ReadAllTextAsync(LogOf(rig))).Trim('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, "g0 1 g0")]
    [InlineData(2, "g0,g1 2 g0,g1")]
    [InlineData(8, "g0,g1 2 g0,g1")]
    public async Task It_sees_as_many_GPUs_of_its_slot_as_it_needs(int needed, string seen)
    {
        await using var rig = await WorkerRig.StartAsync(1, options => options with
        {
            Programs = ProgramPolicy.Any, ProgramFolder = Path.GetDirectoryName(options.LogFolder), Device = "cuda:0,1", GpuIds = ["g0", "g1"],
        });
        var grant = WorkerRig.Grant(1, 1, "script") with { Gpus = needed, Command = ["/bin/sh", "-c", "echo \"$CUDA_VISIBLE_DEVICES $SEQSWEEP_GPUS $0\"", "${envvar:CUDA_VISIBLE_DEVICES}"] };
        rig.Head.Offer([grant]);
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.Equal(seen, (await File.ReadAllLinesAsync(LogOf(rig))).Single());
    }

    [Fact]
    public async Task What_ran_is_known()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, "exit 0");
        var facts = rig.Head.Heard(1).OfType<AttemptEvent.Described>().Single().Facts;
        Assert.Equal("""["/bin/sh","-c","exit 0"]""", facts["argv"]);
        Assert.Equal(Environment.MachineName, facts["host"]);
        Assert.StartsWith("/bin/sh", facts["interpreter"], StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_ran_is_known_although_it_ended_long_before_its_interpreter_had_answered()
    {
        await using var rig = await RigAsync();
        var slow = Path.Combine(rig.Folder, "python3");
        await File.WriteAllTextAsync(slow, "#!/bin/sh\n[ \"$1\" = -I ] || exit 0\nsleep 2\necho /bin/sh\n");
        File.SetUnixFileMode(slow, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await RunAsync(rig, "", grant => grant with { Command = [slow, "train.py"] });
        Assert.StartsWith($"{slow} -> ", rig.Head.Heard(1).OfType<AttemptEvent.Described>().Single().Facts["interpreter"], StringComparison.Ordinal);
        Assert.IsType<AttemptEvent.Completed>(rig.Head.Heard(1).Last());
    }

    [Theory]
    [InlineData("echo 'no such layer' >&2; exit 3", "exited with code 3: no such layer")]
    [InlineData("kill -SEGV $$", "ended by SIGSEGV")]
    [InlineData("exec /nowhere/program", "exited with code 127")]
    public async Task Any_other_end_is_a_crash(string script, string message)
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, script);
        var failed = Assert.IsType<AttemptEvent.Failed>(rig.Head.Heard(1).Last());
        Assert.Equal(FailureCause.Crashed, failed.Cause);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_by_somebody_else_is_nobodys_fault()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, "kill -KILL $$");
        Assert.IsType<AttemptEvent.Killed>(rig.Head.Heard(1).Last());
    }

    [Fact]
    public async Task A_program_that_is_killed_while_it_is_being_started_ends_too()
    {
        await using var rig = await RigAsync();
        for (var round = 0; round < 30; round++)
        {
            var program = new ExternalProgram(new WorkerOptions { Name = "w", Slots = 1, CheckpointFolder = rig.Folder, LogFolder = rig.Folder, RunnerCommand = ["/nowhere"] });
            program.Send(new RunnerCommand.Start(new TrialAssignment
            {
                Trial = TrialId.Parse("rig-0000/1"),
                Attempt = 1,
                Lease = 1,
                Program = "script",
                Command = ["/bin/sh", "-c", Forever],
                Parameters = ParameterSet.Empty,
                Seed = 1,
                Metric = "value",
                Maximize = false,
                CheckpointFolder = rig.Folder,
                OutputFolder = Path.Combine(rig.Folder, "output"),
                Device = "cpu",
            }));
            await program.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System);
        }
    }

    [Fact]
    public async Task Checkpoints_are_kept_under_their_digests_also_when_the_file_is_written_again()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, """
            cd "$SEQSWEEP_CHECKPOINT_FOLDER"
            copies() { until [ "$(ls | grep -Ec '^[0-9a-f]{64}$')" = $1 ]; do sleep 0.05; done; }
            echo one > last; echo '{"epoch":1,"value":1,"checkpoint":"last"}'; copies 1
            echo two > last; echo '{"checkpoint":"last"}'; copies 2
            echo '{"checkpoint":"../../secret"}'; echo '{"checkpoint":"missing"}'
            """);
        var checkpoints = rig.Head.Heard(1).Select(told => told switch
        {
            AttemptEvent.Reported(_, var checkpoint) => checkpoint,
            AttemptEvent.Checkpointed(var checkpoint) => checkpoint,
            _ => null,
        }).OfType<CheckpointFile>().ToList();
        Assert.Equal([(1, 0), (1, 1)], checkpoints.Select(checkpoint => (checkpoint.Epoch, checkpoint.Batch)));
        Assert.Equal(["one\n", "two\n"], checkpoints.Select(checkpoint => File.ReadAllText(Path.Combine(rig.Folder, "checkpoints", "rig-0000", "1", checkpoint.FileName))));
        var log = await File.ReadAllTextAsync(LogOf(rig));
        Assert.Contains("'../../secret' is not taken", log, StringComparison.Ordinal);
        Assert.Contains("'missing' is not taken", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Forever)]
    [InlineData("""trap 'exit 0' TERM; echo '{"value":1}'; while :; do sleep 0.05; done""")]
    public async Task A_drain_releases_it(string script)
    {
        await using var rig = await RigAsync();
        await StartAsync(rig, script);
        rig.Head.Drain = true;
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Released>(rig.Head.Heard(1).Last());
    }

    [Fact]
    public async Task An_order_ends_it_and_its_children()
    {
        await using var rig = await RigAsync();
        await StartAsync(rig, """sleep 3333.25 & echo '{"value":1}'; wait""");
        rig.Head.Order(Shell("").Trial, 1);
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Stopped>(rig.Head.Heard(1).Last());
        await Until.True(() => !Commands().Any(command => command.Contains("3333.25", StringComparison.Ordinal)), () => "the child still runs");
    }

    [Fact]
    public async Task One_that_does_not_hear_is_killed_within_two_seconds()
    {
        await using var rig = await RigAsync();
        await StartAsync(rig, """trap '' TERM; echo '{"value":1}'; while :; do sleep 0.05; done""");
        var watch = Stopwatch.StartNew();
        rig.Head.Order(Shell("").Trial, 1);
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Killed>(rig.Head.Heard(1).Last());
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1), "it had its grace");
    }

    [Fact]
    public async Task A_verdict_at_a_rung_ends_it()
    {
        await using var rig = await RigAsync();
        await StartAsync(rig, Forever);
        rig.Head.Decide(Shell("").Trial, 1, 1, Verdict.Stop);
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Stopped>(rig.Head.Heard(1).Last());
    }

    [Fact]
    public async Task A_pruned_program_has_more_time_to_save_than_one_whose_slot_is_wanted()
    {
        await using var rig = await RigAsync();
        await StartAsync(rig, """trap 'sleep 1.5; exit 0' TERM; echo '{"value":1}'; while :; do sleep 0.05; done""");
        rig.Head.Decide(Shell("").Trial, 1, 1, Verdict.Stop);
        rig.Head.Order(Shell("").Trial, 1); // the trial is over there
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Stopped>(rig.Head.Heard(1).Last());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pruned_program_that_does_not_hear_is_killed_after_the_grace_of_its_file_or_worker(bool byFile)
    {
        var grace = TimeSpan.FromMilliseconds(200);
        await using var rig = await WorkerRig.StartAsync(1, options => options with
        {
            Programs = ProgramPolicy.Any, ProgramFolder = Path.GetDirectoryName(options.LogFolder), Grace = byFile ? TimeSpan.FromHours(1) : grace,
        });
        rig.Head.Offer([Shell("""trap '' TERM; echo '{"value":1}'; while :; do sleep 0.05; done""") with { Grace = byFile ? grace : null }]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Any(), () => string.Join(", ", rig.Head.Heard(1)));
        rig.Head.Decide(Shell("").Trial, 1, 1, Verdict.Stop);
        rig.Agent.Poke();
        await EndedAsync(rig);
        Assert.IsType<AttemptEvent.Killed>(rig.Head.Heard(1).Last());
    }

    [Fact]
    public async Task One_past_its_time_is_ended()
    {
        await using var rig = await RigAsync();
        await RunAsync(rig, Forever, grant => grant with { TrialTime = TimeSpan.FromMilliseconds(300) });
        Assert.Equal(FailureCause.Timeout, Assert.IsType<AttemptEvent.Failed>(rig.Head.Heard(1).Last()).Cause);
    }

    [Fact]
    public async Task A_worker_that_does_not_allow_programs_runs_none()
    {
        await using var rig = await WorkerRig.StartAsync(1);
        await RunAsync(rig, "true");
        var failed = Assert.IsType<AttemptEvent.Failed>(rig.Head.Heard(1).Single());
        Assert.Equal(FailureCause.Invalid, failed.Cause);
        Assert.Contains("--programs DIR", failed.Message, StringComparison.Ordinal);
    }

    private static Task<WorkerRig> RigAsync() => WorkerRig.StartAsync(1, options => options with { Programs = ProgramPolicy.Any, ProgramFolder = Path.GetDirectoryName(options.LogFolder) });

    private static async Task RunAsync(WorkerRig rig, string script, Func<TrialGrant, TrialGrant>? change = null)
    {
        var grant = Shell(script);
        rig.Head.Offer([change?.Invoke(grant) ?? grant]);
        rig.Agent.Poke();
        await EndedAsync(rig);
    }

    private static async Task StartAsync(WorkerRig rig, string script)
    {
        rig.Head.Offer([Shell(script)]);
        rig.Agent.Poke();
        await Until.True(() => rig.Head.Heard(1).OfType<AttemptEvent.Reported>().Any(), () => string.Join(", ", rig.Head.Heard(1)));
    }

    private static Task EndedAsync(WorkerRig rig) => Until.True(() => rig.Head.Ended == 1, () => string.Join(", ", rig.Head.Heard(1)));

    private static TrialGrant Shell(string script) =>
        WorkerRig.Grant(1, 1, "script") with { Command = ImmutableArray.Create("/bin/sh", "-c", script), Rungs = [1], Threads = 2 };

    private static string LogOf(WorkerRig rig) => Path.Combine(rig.Folder, "logs", "rig-0000", "1.log");

    private static IEnumerable<string> Words(WorkerRig rig) => rig.Head.Heard(1).Where(told => told is not AttemptEvent.Described).Select(told => told is AttemptEvent.Reported(var report, _)
        ? FormattableString.Invariant($"{report.Epoch}: {report["value"]}")
        : told.GetType().Name);

    private static IEnumerable<string> Commands()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            string? command = null;
            try
            {
                command = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }

            if (command is not null && command.StartsWith("sleep", StringComparison.Ordinal))
            {
                yield return command;
            }
        }
    }
}
