using System.Collections.Immutable;
using System.Text.Json;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>Texts from outside have an end, whichever door they come by.</summary>
public sealed class OutsideTextsTests : IAsyncLifetime
{
    private AskRig _rig = null!;
    private SweepId _sweep;

    public static TheoryData<string, string> Unfit => new()
    {
        { new string('a', 101), "because" },
        { "root@prod\n20:00:00  error: the head was compromised\r", "because" },
        { "\u001b[31mred", "because" },
        { "ada@lab", new string('a', 4001) },
    };

    public async Task InitializeAsync()
    {
        _rig = await AskRig.StartAsync();
        _sweep = await _rig.Head.SubmitAsync(AskRig.Sweep);
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task Who_asks_and_why_is_refused_beyond_a_length_or_with_control_characters(string by, string reason)
    {
        var action = new SweepAction(by, reason);
        var (grain, head) = (_rig.Head.Sweep(_sweep), _rig.Head.Head);
        await _rig.Head.Worker("w").ExchangeAsync();
        Func<Task>[] calls =
        [
            () => grain.Pause(action), () => grain.Resume(action), () => grain.Stop(action), () => grain.Cancel(action), () => grain.CancelTrial(1, action),
            () => grain.Retry(new RetryRequest(action)), () => grain.Edit(new EditRequest(action)), () => grain.Enqueue(new EnqueueRequest(action)),
            () => head.Drain("w", action), () => head.Undrain("w", action),
        ];
        foreach (var call in calls)
        {
            Assert.Matches("'(by|reason)' has", (await Assert.ThrowsAsync<SweepRefusedException>(call)).Message);
        }

        var json = JsonSerializer.Serialize(new { by, reason });
        foreach (var path in (string[])["pause", "resume", "stop", "cancel", "retry", "edit", "enqueue"])
        {
            var (status, body) = await _rig.PostAsync($"{_sweep}/{path}", json);
            Assert.Equal((400, "usage"), (status, (string)body["error"]!["code"]!));
        }

        Assert.Equal(SweepState.Queued, _rig.Head.Reader.LoadSweep(_sweep)!.Sweep.State);
    }

    [Fact]
    public async Task A_submission_has_ends_too()
    {
        SubmitRequest good = new(AskRig.Sweep, "sweep.yaml", true, ImmutableSortedDictionary<string, string>.Empty, "test");
        SubmitRequest[] unfit =
        [
            good with { By = new string('a', 101) }, good with { By = "a\nb" }, good with { Key = new string('a', 101) }, good with { FileName = new string('a', 5000) },
            good with { FileName = "a\u001b" }, good with { Priors = [.. Enumerable.Repeat("a", 1001)] }, good with { Source = null! },
            good with { DatasetDigests = ImmutableSortedDictionary<string, string>.Empty.Add("mnist", new string('a', 101)) },
        ];
        foreach (var request in unfit)
        {
            await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Head.Head.Submit(request));
        }
    }

    [Fact]
    public async Task What_somebody_tells_of_a_trial_has_ends()
    {
        var (status, _) = await _rig.PostAsync($"{_sweep}/ask", JsonSerializer.Serialize(new { tags = Enumerable.Repeat("a", 1001) }));
        Assert.Equal(400, status);
        foreach (var client in (string[])["", new('a', 101), "a\u001b"])
        {
            Assert.Equal(400, (await _rig.PostAsync($"{_sweep}/ask", JsonSerializer.Serialize(new { client }))).Status);
        }

        var (trial, lease) = await _rig.AskAsync(_sweep);
        foreach (var metrics in (Dictionary<string, double>[])[new() { [new('a', 101)] = 1 }, new() { ["a\u001b"] = 1 }, Enumerable.Range(0, 1001).ToDictionary(i => $"m{i}", _ => 1.0)])
        {
            Assert.Equal(400, (await _rig.PostAsync($"{_sweep}/report", JsonSerializer.Serialize(new { trial, lease, metrics }))).Status);
        }

        var (told, _) = await _rig.PostAsync($"{_sweep}/tell", JsonSerializer.Serialize(new { trial, lease, state = "failed", cause = "invalid", message = new string('a', 100_000) }));
        Assert.Equal(200, told);
        Assert.Equal(4000, _rig.Head.Reader.LoadSweep(_sweep)!.Trials[0].Message!.Length);
    }

    [Fact]
    public async Task A_worker_that_says_what_no_worker_says_is_refused()
    {
        ExchangeRequest good = new() { Holder = new LeaseHolder("w", "w-1", "cpu"), Slots = 1, FreeSlots = 1 };
        ExchangeRequest[] unfit =
        [
            good with { Holder = good.Holder with { Worker = "ask:ada@lab" } }, good with { Holder = good.Holder with { Worker = "../../x" } },
            good with { Holder = good.Holder with { Worker = "a\nb" } }, good with { Holder = good.Holder with { Worker = new string('a', 65) } },
            good with { Holder = good.Holder with { Incarnation = new string('a', 101) } }, good with { Holder = good.Holder with { Device = "\u001b[31m" } },
            good with { Holder = good.Holder with { LeaseLife = TimeSpan.FromDays(9) } }, good with { Slots = int.MaxValue }, good with { FreeSlots = int.MaxValue },
            good with { Ahead = int.MaxValue }, good with { Offer = new WorkerOffer { Tags = [new string('a', 101)] } }, good with { Offer = new WorkerOffer { Version = "1\n2" } },
        ];
        foreach (var request in unfit)
        {
            var reply = await _rig.Head.Dispatch.Exchange(request, CancellationToken.None);
            Assert.NotEmpty(reply.Refusal!);
            Assert.Empty(reply.Grants);
        }

        Assert.Empty(await _rig.Head.Head.GetWorkers());
        Assert.Null((await _rig.Head.Dispatch.Exchange(good, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task No_worker_speaks_of_a_trial_that_another_one_holds()
    {
        await _rig.Head.SubmitAsync("{name: own, program: noop, method: grid, parameters: {x: {values: [1]}}}");
        var holder = _rig.Head.Worker("one");
        var grant = await holder.StartAsync();
        await holder.ExchangeAsync();
        var thief = _rig.Head.Worker("two");
        thief.Running.Add(grant);
        thief.Report(grant, 1, -1e300).Tell(grant, new AttemptEvent.Completed(null, null));
        await thief.ExchangeAsync();
        var (trial, sweep) = (grant.Trial.Number, grant.Trial.Sweep);
        Assert.Equal(TrialState.Running, _rig.Head.Reader.LoadSweep(sweep)!.Trials.Single(row => row.Number == trial).State);
        Assert.Empty(_rig.Head.Reader.LoadSweep(sweep)!.Reports);

        thief.Running.Add(grant);
        var reply = await thief.ExchangeAsync();
        Assert.Equal(new TrialOrder(grant.Trial, grant.Lease), Assert.Single(reply.Orders));
        holder.Report(grant, 1, 0.5).Tell(grant, new AttemptEvent.Completed(null, null));
        await holder.ExchangeAsync();
        Assert.Equal(TrialState.Completed, _rig.Head.Reader.LoadSweep(sweep)!.Trials.Single(row => row.Number == trial).State);
    }
}
