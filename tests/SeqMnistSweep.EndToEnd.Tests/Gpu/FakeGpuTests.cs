using System.Text.Json.Nodes;
using SeqMnistSweep.EndToEnd.Tests.Support;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.EndToEnd.Tests.Gpu;

/// <summary>A GPU whose driver does not start must not cost a sweep its trials.</summary>
public sealed class FakeGpuTests
{
    private const string Short = """
        method: grid
        parameters:
          dataset: {value: glyphs}
          levels: {value: 2}
          kernel_size: {value: 3}
          input_channels: {value: 112}
          hidden: {value: 4}
          epochs: {value: 1}
          train_limit: {value: 256}
          eval_limit: {value: 100}
        """;

    [Fact]
    public async Task Auto_trains_on_the_CPU_and_says_why_and_who_names_the_GPU_is_refused()
    {
        using var gpu = new FakeGpu();
        gpu.Answer(803);
        using var place = new SeqSweep();
        place.Write("short.yaml", Short);
        string[] options = ["run", "short.yaml", "--libtorch", gpu.Libtorch];

        var named = (await RunAsync(place, gpu, [.. options, "--device", "cuda"])).Expect(2);
        Assert.Contains("cuda:0 (Fake H200) cannot be used: cuInit answers CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: the fake says so", named.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(place.Database));

        var auto = (await RunAsync(place, gpu, options)).Expect(0);
        Assert.Contains("the CPU trains instead", auto.Error, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", auto.Error, StringComparison.Ordinal);
        Assert.Equal("cpu", Assert.Single(place.OnlySweep().Trials).Device);

        var doctor = (await RunAsync(place, gpu, ["doctor", "--libtorch", gpu.Libtorch])).Expect(8);
        Assert.Contains("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_whose_GPU_fails_sends_its_trials_elsewhere_and_takes_trials_again_when_it_works()
    {
        using var gpu = new FakeGpu();
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await using var worker = new RunningProgram(
            SeqSweep.Program, ["worker", "--head", fleet.Url, "--name", "gpu", "--device", "cuda", "--programs", "any"], fleet.Folder("gpu"), gpu.Around);
        await worker.UntilAsync(() => worker.HasExited || worker.Output.Contains("worker ready", StringComparison.Ordinal), "the worker");
        Assert.Contains("cuda:0", worker.Output, StringComparison.Ordinal);

        // `run` keeps off a GPU that a worker has.
        fleet.Place.Write("short.yaml", Short);
        var run = (await RunAsync(fleet.Place, gpu, ["run", "short.yaml", "--libtorch", gpu.Libtorch, "--device", "cuda"])).Expect(4);
        Assert.Contains("has a worker of this account already", run.Error, StringComparison.Ordinal);

        gpu.Answer(999);
        var sweep = await fleet.SubmitAsync("""
            program: sh
            command: [sh, -c, 'if [ "$CUDA_VISIBLE_DEVICES" ]; then echo gone; exit 3; fi; echo "{\"epoch\": 1, \"loss\": 1}"']
            metric: {name: loss, goal: minimize}
            method: grid
            parameters: {x: {values: [1, 2]}}
            """);
        await fleet.UntilAsync(() => StateOf(fleet) == "faulty", "the worker stops taking trials");
        var workers = await fleet.AnsweredAsync("workers", "-o", "json");
        Assert.Contains("cuInit answers CUDA_ERROR_UNKNOWN", workers.Output, StringComparison.Ordinal);

        await fleet.StartWorkerAsync("cpu", "--programs", "any");
        var ended = await fleet.EndedAsync(sweep);
        Assert.All(ended.Trials, trial => Assert.Equal((TrialState.Completed, "cpu"), (trial.State, trial.Worker)));
        Assert.Contains(
            ended.Trials.SelectMany(trial => fleet.Reader.Attempts(new TrialId(sweep, trial.Number))), attempt => attempt is { Worker: "gpu", Cause: "device" });

        gpu.Answer(0);
        await fleet.UntilAsync(() => StateOf(fleet) == "ready", "the worker takes trials again");
    }

    [Fact]
    public async Task A_crash_beside_a_fault_of_the_GPU_is_not_the_trial_s_and_the_worker_tells_of_both()
    {
        using var gpu = new FakeGpu();
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await using var worker = new RunningProgram(
            SeqSweep.Program, ["worker", "--head", fleet.Url, "--name", "gpu", "--device", "cuda", "--programs", "any"], fleet.Folder("gpu"), gpu.Around);
        await worker.UntilAsync(() => worker.HasExited || worker.Output.Contains("worker ready", StringComparison.Ordinal), "the worker");
        await ToldAsync("utilization", "87");
        await ToldAsync("ecc_errors", "0");

        // The first attempt ends of a memory error, of which the driver tells; the GPU passes its test.
        var sweep = await fleet.SubmitAsync($$$"""
            program: sh
            command: [sh, -c, 'if [ ! -e {{{gpu.Folder}}}/once ]; then : > {{{gpu.Folder}}}/once; echo 94 > {{{gpu.Folder}}}/answer.xid; echo 3 > {{{gpu.Folder}}}/answer.ecc; exit 3; fi; echo "{\"epoch\": 1, \"loss\": 1}"']
            metric: {name: loss, goal: minimize}
            method: grid
            retry: {max: 0}
            parameters: {x: {values: [1]}}
            """);
        var ended = await fleet.EndedAsync(sweep);
        Assert.Equal(TrialState.Completed, Assert.Single(ended.Trials).State);
        var first = fleet.Reader.Attempts(new TrialId(sweep, 1))[0];
        Assert.Equal("device", first.Cause);
        await ToldAsync("fault", "3 memory errors that ECC did not correct");
        await ToldAsync("xid", "94");
        await ToldAsync("ecc_errors", "3");
        Assert.Equal("ready", StateOf(fleet));
        await worker.UntilAsync(() => worker.Error.Contains("passes its test", StringComparison.Ordinal), "what the worker says");
        Assert.Contains("Xid 94, a memory error, contained to its program", worker.Error, StringComparison.Ordinal);

        // A GPU that is gone does not pass it, though nothing has crashed.
        gpu.Answer(999);
        gpu.TellXid(79);
        await fleet.UntilAsync(() => StateOf(fleet) == "faulty", "the worker stops taking trials");
        await ToldAsync("reason", "its device does not work, and is tested again now and then: Xid 79, the GPU has fallen off the bus; cuInit answers CUDA_ERROR_UNKNOWN");

        async Task ToldAsync(string column, string beginning)
        {
            var said = "";
            for (var tries = 0; tries < 60 && !said.StartsWith(beginning, StringComparison.Ordinal); tries++)
            {
                var workers = JsonNode.Parse((await fleet.AnsweredAsync("workers", "-o", "json")).Output)!.AsArray();
                said = workers.FirstOrDefault()?[column]?.ToString() ?? "";
            }

            Assert.StartsWith(beginning, said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_driver_that_is_too_old_to_tell_of_faults_does_no_harm()
    {
        using var gpu = new FakeGpu(isOld: true);
        using var place = new SeqSweep();
        place.Write("old.yaml", """
            program: sh
            command: [sh, -c, 'echo "{\"epoch\": 1, \"loss\": 1}"; case $1 in *3) exit 3;; esac', sh, "${args_no_hyphens}"]
            metric: {name: loss, goal: minimize}
            method: grid
            retry: {max: 0}
            parameters: {x: {values: [0, 3]}}
            """);
        (await RunAsync(place, gpu, ["run", "old.yaml", "--device", "cuda"])).Expect(0);
        var sweep = place.OnlySweep();
        Assert.Equal(
            ["crashed", "finished"], sweep.Trials.Select(trial => place.Reader.Attempts(new TrialId(sweep.Sweep.Id, trial.Number))[0].Cause).Order());
    }

    [Fact]
    public async Task Trials_begin_only_where_a_GPU_has_the_memory_that_they_ask_for()
    {
        // The fake has 150 GB: 139.7 GiB.
        using var gpu = new FakeGpu();
        await using var fleet = new Fleet();
        await fleet.StartHeadAsync();
        await using var worker = new RunningProgram(
            SeqSweep.Program, ["worker", "--head", fleet.Url, "--name", "gpu", "--device", "cuda", "--slots", "4", "--programs", "any"], fleet.Folder("gpu"), gpu.Around);
        await worker.UntilAsync(() => worker.HasExited || worker.Output.Contains("worker ready", StringComparison.Ordinal), "the worker");

        var large = await fleet.SubmitAsync(Asking("900GiB", "true", 1));
        var small = await fleet.SubmitAsync(Asking("60GiB", "sleep 1", 4));
        var most = 0;
        await fleet.UntilAsync(() =>
        {
            var loaded = fleet.Load(small);
            most = Math.Max(most, loaded.Trials.Count(trial => trial.State is TrialState.Leased or TrialState.Running));
            return loaded.Sweep.State.IsFinal();
        }, "the end of the sweep");
        Assert.Equal((SweepState.Completed, 2), (fleet.Load(small).Sweep.State, most));

        var why = await fleet.AnsweredAsync("why", large.Value);
        Assert.Contains("no worker fits: it needs --programs (the sweep runs sh) and 900 GiB of a GPU's memory", why.Output, StringComparison.Ordinal);
        Assert.All(fleet.Load(large).Trials, trial => Assert.Equal(TrialState.Queued, trial.State));

        static string Asking(string memory, string work, int trials) => $$$"""
            program: sh
            command: [sh, -c, '{{{work}}}; echo "{\"epoch\": 1, \"loss\": 1}"']
            metric: {name: loss, goal: minimize}
            method: grid
            resources: {gpu_memory: {{{memory}}} }
            parameters: {x: {values: [{{{string.Join(", ", Enumerable.Range(1, trials))}}}]}}
            """;
    }

    [Fact]
    public async Task Without_a_word_in_the_file_the_first_trial_is_measured_and_so_many_run_at_once_as_the_GPU_holds()
    {
        // Each has 60 GiB of the 139.7.
        using var gpu = new FakeGpu();
        using var place = new SeqSweep();
        place.Write("measured.yaml", $$$"""
            program: sh
            command: [sh, -c, 'echo "$$ 64424509440" >> {{{gpu.Processes}}}; sleep 1.5; echo "{\"epoch\": 1, \"loss\": 1}"; exit 0']
            metric: {name: loss, goal: minimize}
            method: grid
            parameters: {x: {values: [1, 2, 3, 4, 5]}}
            """);
        (await RunAsync(place, gpu, ["run", "measured.yaml", "--device", "cuda", "--slots", "4"])).Expect(0);
        var sweep = place.OnlySweep();
        var times = sweep.Trials.SelectMany(trial => place.Reader.Attempts(new TrialId(sweep.Sweep.Id, trial.Number)))
            .Select(attempt => (attempt.Started!, Ended: attempt.Ended!)).Order().ToList();
        var beside = times.ConvertAll(time => times.Count(other => string.CompareOrdinal(other.Item1, time.Item1) <= 0 && string.CompareOrdinal(time.Item1, other.Ended) < 0));
        Assert.Equal((5, 1, 2), (times.Count, beside[0], beside.Max()));
        Assert.True(string.CompareOrdinal(times[1].Item1, times[0].Item1) > 0);
    }

    [Fact]
    public async Task Several_trials_on_a_GPU_have_MPS_where_it_is_there_until_the_run_ends()
    {
        using var gpu = new FakeGpu();
        using var place = new SeqSweep();
        gpu.AddProgram("nvidia-cuda-mps-control", """
            #!/bin/sh
            pid=$CUDA_MPS_PIPE_DIRECTORY/nvidia-cuda-mps-control.pid
            case $1 in
              -d) echo "start $CUDA_VISIBLE_DEVICES" >> "$0.told"; setsid "$0" wait > /dev/null 2>&1 < /dev/null & echo $! > "$pid" ;;
              wait) while :; do sleep 0.1; done ;;
              *) read -r line; echo "$line" >> "$0.told"; kill "$(cat "$pid")" ;;
            esac
            """);
        place.Write("shared.yaml", """
            program: sh
            command: [sh, -c, 'echo "$CUDA_MPS_PIPE_DIRECTORY" > pipes; echo "{\"epoch\": 1, \"loss\": 1}"']
            metric: {name: loss, goal: minimize}
            method: grid
            parameters: {x: {values: [1]}}
            """);
        var run = (await RunAsync(place, gpu, ["run", "shared.yaml", "--device", "cuda", "--slots", "2"])).Expect(0);
        Assert.Contains("MPS runs for Fake H200", run.Error, StringComparison.Ordinal);
        var pipes = File.ReadAllText(Path.Combine(place.Folder, "pipes")).Trim();
        Assert.StartsWith("mps-", Path.GetFileName(pipes), StringComparison.Ordinal);
        Assert.False(Directory.Exists(pipes));
        Assert.Equal([$"start {gpu.Uuid}", "quit -t 5"], File.ReadAllLines(Path.Combine(gpu.Folder, "nvidia-cuda-mps-control.told")));
    }

    [Fact]
    public async Task A_trial_says_which_GPU_it_had_and_how_much_of_it_and_not_what_others_have()
    {
        using var gpu = new FakeGpu();
        using var place = new SeqSweep();
        place.Write("memory.yaml", $$$"""
            program: sh
            command: [sh, -c, 'echo "1 500000000000 $$ 3221225472" > {{{gpu.Processes}}}; sleep 4; echo "{\"epoch\": 1, \"loss\": 1}"; exit 0']
            metric: {name: loss, goal: minimize}
            method: grid
            parameters: {x: {values: [1]}}
            """);
        (await RunAsync(place, gpu, ["run", "memory.yaml", "--device", "cuda"])).Expect(0);
        var sweep = place.OnlySweep();
        Assert.Equal(3221225472, Assert.Single(sweep.Reports).Report["device_memory"]);
        var trial = Assert.Single(sweep.Trials);
        Assert.Equal("cuda:0 Fake H200", trial.Device);
        var facts = JsonNode.Parse(trial.Facts!)!;
        Assert.Equal(["Fake H200", gpu.Uuid, "570.00", "9.0"], new[] { "gpu", "gpu_uuid", "gpu_driver", "gpu_capability" }.Select(name => (string?)facts[name]));
        Assert.Equal("cuda:0 Fake H200", Assert.Single(place.Reader.Workers()).Device);
    }

    private static string? StateOf(Fleet fleet) => fleet.Reader.Workers().FirstOrDefault(worker => worker.Worker == "gpu")?.State;

    private static async Task<Ended> RunAsync(SeqSweep place, FakeGpu gpu, params string[] arguments)
    {
        await using var program = new RunningProgram(SeqSweep.Program, arguments, place.Folder, gpu.Around);
        return (await program.EndAsync()).WithoutStackTrace();
    }
}
