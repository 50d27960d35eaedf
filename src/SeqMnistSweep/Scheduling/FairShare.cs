namespace SeqMnistSweep.Scheduling;

/// <summary>What a sweep has had of the slots.</summary>
/// <param name="Charged">Slot-seconds of its attempts; one that runs counts as what it took so far, and at least as
/// <paramref name="Expected"/>.</param>
/// <param name="Expected">Slot-seconds that its next trial is expected to take: the mean of its attempts so far.</param>
public readonly record struct SlotUse(double Charged, double Expected);

/// <summary>One sweep's part in the slots that sweeps of its priority share.</summary>
/// <param name="weight">Above 0.</param>
public sealed class SlotShare(double weight)
{
    private double _charged;
    private bool _isKnown;
    private double _expected = 1;
    private int _asked;

    /// <summary>Above 0; a sweep of weight 2 gets twice the slots of one of weight 1.</summary>
    public double Weight { get; set; } = weight;

    /// <summary>Slot-seconds per weight that it has had since it joined, on the clock of those that share: who is behind has had less than
    /// its part.</summary>
    public double Clock => Had + (_asked * Step);

    /// <summary>How far one more trial moves its clock.</summary>
    public double Step => _expected / Weight;

    private double Had { get; set; }

    /// <summary>Begins beside <paramref name="others"/> as if it had had its part so far: nobody saves up shares, or owes any.</summary>
    public void Join(IReadOnlyCollection<SlotShare> others) => Had = others.Count > 0 ? FairShare.Now(others) : 0;

    /// <summary>It had its turn and could not use it: the turn is gone.</summary>
    public void Pass(double now) => Had = Math.Max(Had, now);

    /// <summary>It is asked whether it takes so many slots, and has not answered yet; negative when it has.</summary>
    public void Ask(int slots) => _asked += slots;

    /// <summary>What the sweep says itself. What it had before it was first heard is no part of this.</summary>
    /// <param name="granted">Trials that it has granted since it was asked.</param>
    public void Tell(SlotUse use, int granted = 0)
    {
        Had += (_isKnown ? use.Charged - _charged : granted * use.Expected) / Weight;
        (_charged, _isKnown, _expected) = (use.Charged, true, Math.Max(use.Expected, 1e-6));
    }
}

/// <summary>Who gets the next slot among sweeps of one priority. Earliest eligible deadline first (Stoica, Abdel-Wahab 1995), with a trial
/// for a request: of those that have not had more than their part, the one whose next trial would bring it to its part first. So with
/// trials of one length no sweep that always wants slots is ever a trial away from its part, and with others no further than the
/// longest.</summary>
public static class FairShare
{
    private const double Rounding = 1e-9;

    /// <summary>The clock that all would show if the slots had been shared exactly.</summary>
    public static double Now(IReadOnlyCollection<SlotShare> shares) => Now(shares.Select(share => (share.Clock, share.Weight)));

    /// <summary>How many of the next <paramref name="slots"/> each gets, in the order of <paramref name="shares"/>. Ties go to the
    /// earlier.</summary>
    public static int[] Turns(IReadOnlyList<SlotShare> shares, int slots)
    {
        var turns = new int[shares.Count];
        if (shares.Count == 1)
        {
            turns[0] = slots;
            return turns;
        }

        for (; slots > 0 && shares.Count > 0; slots--)
        {
            turns[Next(shares, turns)]++;
        }

        return turns;
    }

    /// <summary>How many trials others are given before this one has its turn, if all go on wanting; and who has the next.</summary>
    /// <param name="most">To look ahead.</param>
    public static (int Before, int Next) Wait(IReadOnlyList<SlotShare> shares, int index, int most)
    {
        var turns = new int[shares.Count];
        var first = Next(shares, turns);
        for (var before = 0; before < most; before++)
        {
            var next = Next(shares, turns);
            if (next == index) return (before, first);

            turns[next]++;
        }

        return (most, first);
    }

    private static int Next(IReadOnlyList<SlotShare> shares, int[] given)
    {
        var now = Now(shares.Select((share, i) => (share.Clock + (given[i] * share.Step), share.Weight)));
        var (best, first) = (0.0, -1);
        for (var i = 0; i < shares.Count; i++)
        {
            var clock = shares[i].Clock + (given[i] * shares[i].Step);
            var deadline = clock + shares[i].Step;
            if (clock <= now + (Rounding * Math.Max(1, Math.Abs(now)))
                && (first < 0 || deadline < best - (Rounding * Math.Max(1, Math.Abs(best)))))
            {
                (best, first) = (deadline, i);
            }
        }

        return Math.Max(0, first);
    }

    private static double Now(IEnumerable<(double Clock, double Weight)> shares)
    {
        var (sum, weight) = (0.0, 0.0);
        foreach (var share in shares)
        {
            sum += share.Clock * share.Weight;
            weight += share.Weight;
        }

        return sum / weight;
    }
}
