using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Grains;
using SeqMnistSweep.Head.Tests.Support;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Tests.Grains;

/// <summary>Sweeps that begin with what earlier ones found.</summary>
public sealed class PriorTests : IAsyncLifetime
{
    private const string Earlier = "{name: earlier, program: noop, method: grid, metric: {name: value, goal: minimize}, parameters: {x: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 90]}}}";
    private const string Later = "{name: later, program: noop, method: bayes, run_cap: 3, metric: {name: value, goal: minimize}, parameters: {x: {min: 0.0, max: 20.0}}}";

    private HeadRig _rig = null!;

    public async Task InitializeAsync() => _rig = await HeadRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_results_of_the_named_sweep_are_kept_with_the_new_one_and_used_also_after_a_restart()
    {
        var earlier = await RunAsync(Earlier);
        var reply = await SubmitAsync(Later, earlier.Value[..9]);

        var said = $"{earlier} (11 configurations, 1 more outside of this space)";
        Assert.Equal(said, reply.Prior);
        Assert.Equal($"submitted, with the prior {said}", _rig.Reader.Events(reply.Sweep)[0].Reason);
        Assert.Equal(["x=1", "x=2"], _rig.Reader.LoadSweep(reply.Sweep)!.Sweep.Prior.Points.Take(2).Select(point => point.Parameters.ToString()));

        await _rig.RestartAsync();
        var grant = Assert.Single((await _rig.Worker("w", incarnation: 2).ExchangeAsync()).Grants);
        Assert.Equal(reply.Sweep, grant.Trial.Sweep);
        Assert.Contains("one in 2 looks elsewhere than the prior", _rig.Reader.Trial(grant.Trial)!.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Imported_results_are_a_prior_like_a_sweeps()
    {
        var imported = new ImportedResults("study.journal", true, [.. Enumerable.Range(1, 12).Select(i => new ImportedResult(ParameterSet.FromJson($$"""{"x":{{i * 2}}.5}"""), i))]);
        var reply = await _rig.Head.Submit(Request(Later, true) with { Imported = imported });

        Assert.Equal("study.journal (9 configurations, 3 more outside of this space)", reply.Prior);
        var prior = _rig.Reader.LoadSweep(reply.Sweep)!.Sweep.Prior;
        Assert.Equal("x=18.5", prior.Points[0].Parameters.ToString());
        Assert.Equal("""[{"file":"study.journal","points":9,"outside":3}]""", _rig.Reader.Sweep(reply.Sweep)!.Prior);
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Head.Submit(Request(Later.Replace("20.0", "0.5", StringComparison.Ordinal), true) with { Imported = imported }));
        Assert.StartsWith("none of the 12 configurations of the prior study.journal lies in this sweep's space", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_a_prior_is_refused_and_no_sweep_is_made()
    {
        var earlier = (await RunAsync(Earlier)).Value;
        var idle = (await _rig.SubmitAsync("{name: idle, program: noop, method: grid, parameters: {x: {values: [1]}}}")).Value;

        Assert.Equal("there is no sweep 'nobody' in this database to be the prior", await Refused(Later, "nobody"));
        Assert.Equal("method random takes no prior: it does not look at results; auto, bayes, tpe and gp do", await Refused(Later.Replace("bayes", "random", StringComparison.Ordinal), earlier));
        Assert.Equal($"the prior {idle} has no completed or pruned trial with a value yet", await Refused(Later, earlier, idle));
        Assert.StartsWith($"none of the 12 configurations of the prior {earlier} lies in this sweep's space", await Refused(Later.Replace("20.0", "0.5", StringComparison.Ordinal), earlier), StringComparison.Ordinal);
        Assert.Equal(2, _rig.Reader.Sweeps().Count);
    }

    [Fact]
    public async Task A_sweep_begun_without_a_prior_does_not_get_one_by_running_its_file_again()
    {
        var earlier = (await RunAsync(Earlier)).Value;
        var without = await _rig.SubmitAsync(Later);
        var refused = await Assert.ThrowsAsync<SweepRefusedException>(() => _rig.Head.Submit(Request(Later, false, earlier)));
        Assert.Contains(without.Value, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--new", refused.Message, StringComparison.Ordinal);

        var with = await _rig.Head.Submit(Request(Later, true, earlier));
        Assert.Equal((with.Sweep, true, with.Prior), await Again(earlier));
        Assert.Equal((with.Sweep, true, with.Prior), await Again());

        async Task<(SweepId, bool, string?)> Again(params string[] priors)
        {
            var again = await _rig.Head.Submit(Request(Later, false, priors));
            return (again.Sweep, again.Continued, again.Prior);
        }
    }

    private static SubmitRequest Request(string file, bool @new, params string[] priors) =>
        new(file, "sweep.yaml", @new, ImmutableSortedDictionary<string, string>.Empty, "ada@lab", Priors: [.. priors]);

    private Task<SubmitReply> SubmitAsync(string file, params string[] priors) => _rig.Head.Submit(Request(file, true, priors));

    private async Task<string> Refused(string file, params string[] priors) => (await Assert.ThrowsAsync<SweepRefusedException>(() => SubmitAsync(file, priors))).Message;

    private async Task<SweepId> RunAsync(string file)
    {
        var sweep = await _rig.SubmitAsync(file);
        var worker = _rig.Worker("w");
        while (worker.Running.Count > 0 || (await worker.ExchangeAsync()).Grants.Length > 0)
        {
            foreach (var grant in worker.Running.ToList())
            {
                worker.Report(grant, 1, grant.Trial.Number).Tell(grant, new AttemptEvent.Completed(null, null));
            }

            await worker.ExchangeAsync();
        }

        return sweep;
    }
}
