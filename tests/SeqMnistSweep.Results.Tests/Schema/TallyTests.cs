using Dapper;
using SeqMnistSweep.Results.Tests.Support;
using SeqMnistSweep.Results.Writing;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Results.Tests.Schema;

public sealed class TallyTests : IDisposable
{
    private static readonly TrialState[] Moves = [TrialState.Leased, TrialState.Running, TrialState.Paused, TrialState.Queued, TrialState.Failed, TrialState.Completed, TrialState.Pruned, TrialState.Cancelled];

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void It_counts_what_the_trials_are_whatever_becomes_of_them(int seed, bool maximize)
    {
        var random = new Random(seed);
        _database.Write(Some.Id, Some.Adding(Some.Sweep(maximize: maximize)));
        var trials = new Dictionary<int, TrialRecord>();
        for (var i = 0; i < 400; i++)
        {
            var number = random.Next(1, trials.Count + 2);
            if (number > trials.Count)
            {
                trials[number] = random.Next(4) == 0 ? Some.Completed(number, random.NextDouble()) : Some.Trial(number);
                _database.Write(Some.Id, Some.Adding(trials[number]));
                continue;
            }

            var moved = trials[number] with { State = Moves[random.Next(Moves.Length)], Value = random.Next(3) == 0 ? null : random.NextDouble() };
            if (_database.Write(Some.Id, new SweepChange.TrialUpdated(moved, moved.Lease)) == WriteOutcome.Applied)
            {
                trials[number] = moved;
            }
        }

        Assert.Equal(
            trials.Values.Where(trial => trial.State.IsForGood()).GroupBy(trial => trial.State.ToName()).ToDictionary(group => group.Key, group => (long)group.Count()),
            Tally());
        var sweep = _database.Reader.Sweep(Some.Id)!;
        Assert.Equal(
            [trials.Count, .. new[] { TrialState.Queued, TrialState.Paused, TrialState.Completed, TrialState.Pruned, TrialState.Failed, TrialState.Cancelled }.Select(state => trials.Values.LongCount(trial => trial.State == state))],
            new[] { sweep.Trials, sweep.Queued, sweep.Paused, sweep.Completed, sweep.Pruned, sweep.Failed, sweep.Cancelled });
        Assert.Equal(trials.Values.Count(trial => trial.State.IsActive()), sweep.Running);
        var values = trials.Values.Where(trial => trial.State == TrialState.Completed).Select(trial => trial.Value).OfType<double>().ToList();
        Assert.Equal(maximize ? values.Max() : values.Min(), sweep.Best);
    }

    [Fact]
    public void A_trial_that_somebody_deletes_counts_no_longer()
    {
        _database.Write(Some.Id, Some.Adding(Some.Sweep()), Some.Adding(Some.Completed(1, 0.5)), Some.Adding(Some.Completed(2, 0.75)));
        using (var foreign = _database.Foreign())
        {
            foreign.Execute("delete from trial where number = 2");
        }

        Assert.Equal(new Dictionary<string, long> { ["completed"] = 1 }, Tally());
    }


    private Dictionary<string, long> Tally()
    {
        using var connection = _database.Foreign();
        return connection.Query<(string State, long Trials)>("select state, trials from tally where trials > 0").ToDictionary(row => row.State, row => row.Trials);
    }
}
