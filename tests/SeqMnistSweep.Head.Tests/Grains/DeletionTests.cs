using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Results.Access;
using SeqMnistSweep.Results.Removal;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

public sealed class DeletionTests : IAsyncLifetime
{
    private const string Grid = "{name: grid, program: noop, method: grid, parameters: {x: {values: [1, 2, 3]}}}";
    private static readonly SweepAction Ada = new("ada@lab", "no longer needed");

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task One_that_has_not_ended_is_refused()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        await _rig.Worker("w").StartAsync();

        var error = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Sweep(sweep).Delete(Ada));
        Assert.Contains("cancel", error.Message, StringComparison.Ordinal);
        Assert.NotNull(_rig.Reader.Sweep(sweep));
    }

    [Fact]
    public async Task An_ended_one_goes_with_its_files_and_the_audit_says_who_did_it()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var folders = AddFiles(sweep);
        await _rig.Sweep(sweep).Cancel(Ada);

        Assert.True((await _rig.Sweep(sweep).Delete(Ada)).Removed);
        Assert.Null(_rig.Reader.Sweep(sweep));
        Assert.All(folders, folder => Assert.False(Directory.Exists(folder)));
        var entry = new AuditStore(_rig.Store.Writer, _rig.Reader.Path).Last(1).Single();
        Assert.Equal(("ada@lab", "sweep delete", $"{sweep}: no longer needed"), (entry.Who, entry.Action, entry.Target));
        await Assert.ThrowsAsync<SweepMissingException>(() => _rig.Sweep(sweep).Pause(Ada));
    }

    [Fact]
    public async Task A_worker_that_still_speaks_of_it_is_heard_and_told_to_drop_it()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var worker = _rig.Worker("w");
        var grant = await worker.StartAsync();
        await _rig.Sweep(sweep).Cancel(Ada);
        await _rig.Sweep(sweep).Delete(Ada);

        var reply = await worker.Report(grant, 1, 0.5).ExchangeAsync();

        Assert.Equal(new TrialOrder(grant.Trial, grant.Lease), reply.Orders.Single());
        Assert.Empty(worker.Unheard);
        Assert.Empty(worker.Running);
    }

    [Fact]
    public async Task What_a_head_left_that_ended_meanwhile_is_taken_away_by_the_next_one()
    {
        var sweep = await _rig.SubmitAsync(Grid);
        var folders = AddFiles(sweep);
        await _rig.Sweep(sweep).Cancel(Ada);
        var removal = new SweepRemoval(_rig.Store.Writer, _rig.Reader.Path);
        Assert.True(await removal.BeginAsync(sweep, new AuditEntry("ada", null, null, "sweep delete", sweep.Value, "done"), DateTimeOffset.UnixEpoch));

        await _rig.RestartAsync();
        await Until.True(() => folders.All(folder => !Directory.Exists(folder)), () => string.Join(", ", folders.Where(Directory.Exists)));
        Assert.Empty(_rig.Reader.Sweeps());
    }

    private List<string> AddFiles(SweepId sweep)
    {
        var root = Path.GetDirectoryName(_rig.CheckpointFolder)!;
        var folders = new[] { "checkpoints", "outputs", "logs" }.Select(folder => Path.Combine(root, folder, sweep.Value)).ToList();
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(Path.Combine(folder, "1"));
            File.WriteAllText(Path.Combine(folder, "1", "1.log"), "kept");
        }

        return folders;
    }
}
