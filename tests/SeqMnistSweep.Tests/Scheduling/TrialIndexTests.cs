using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class TrialIndexTests
{
    private readonly TrialIndex _index = new(packs: true);

    [Fact]
    public void A_trial_is_in_the_sets_of_its_last_state_alone()
    {
        _index.Put(Trial(1, TrialState.Queued));
        Assert.Equal([1], _index.Queued);
        Assert.Equal(1, _index.Count[TrialState.Queued]);

        _index.Put(Trial(1, TrialState.Running, at: "w@1", epoch: 2));
        Assert.Empty(_index.Queued);
        Assert.Equal([1], _index.Active);
        Assert.Equal([1], _index.ActiveAt("w@1"));

        _index.Put(Trial(1, TrialState.Failed, at: "w@1", epoch: 3));
        Assert.Empty(_index.Active);
        Assert.Empty(_index.ActiveAt("w@1"));
        Assert.Equal([1], _index.Failed);
        Assert.Equal((0, 0, 1), (_index.Count[TrialState.Queued], _index.Count[TrialState.Running], _index.Count[TrialState.Failed]));
        Assert.Equal(3, _index.Epochs);
    }

    [Fact]
    public void Each_start_of_a_worker_holds_its_own_and_epochs_are_of_all_trials()
    {
        _index.Put(Trial(1, TrialState.Running, at: "w@1", epoch: 2));
        _index.Put(Trial(2, TrialState.Leased, at: "w@2", epoch: 5));
        _index.Put(Trial(1, TrialState.Running, at: "w@2", epoch: 2));

        Assert.Empty(_index.ActiveAt("w@1"));
        Assert.Equal([1, 2], _index.ActiveAt("w@2").Order());
        Assert.Empty(_index.ActiveAt("nobody"));
        Assert.Equal(7, _index.Epochs);
    }

    [Fact]
    public void Queued_and_failed_ones_come_by_number()
    {
        foreach (var number in Enumerable.Range(1, 9))
        {
            _index.Put(Trial(number, number % 2 == 0 ? TrialState.Failed : TrialState.Running, at: "w@1"));
        }

        _index.Put(Trial(7, TrialState.Queued));
        _index.Put(Trial(3, TrialState.Queued));
        Assert.Equal([3, 7], _index.Queued);
        Assert.Equal([2, 4, 6, 8], _index.Failed);
    }

    private static TrialRecord Trial(int number, TrialState state, string? at = null, int epoch = 0) => new()
    {
        Number = number,
        Configuration = number,
        Parameters = new ParameterSet([KeyValuePair.Create("x", ParameterValue.Of((long)number))]),
        Seed = 1,
        State = state,
        Incarnation = at,
        FurthestEpoch = epoch,
        Created = ScheduleRig.Start,
    };
}
