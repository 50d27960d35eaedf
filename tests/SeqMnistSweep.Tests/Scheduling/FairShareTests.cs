using SeqMnistSweep.Scheduling;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class FairShareTests
{
    [Fact]
    public void Equal_weights_take_turns_and_the_earlier_begins()
    {
        var shares = Shares(1, 1);

        Assert.Equal([3, 2], FairShare.Turns(shares, 5));
    }

    [Fact]
    public void Whoever_is_alone_gets_everything() => Assert.Equal([7], FairShare.Turns(Shares(0.5), 7));

    [Fact]
    public void With_trials_of_one_length_nobody_is_ever_a_trial_away_from_its_part()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var shares = Shares([.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => random.Next(3) == 0 ? random.Next(1, 40) : 0.1 + random.NextDouble())]);
            var all = shares.Sum(share => share.Weight);
            var granted = new int[shares.Count];
            for (var grants = 1; grants <= 500; grants++)
            {
                var turns = FairShare.Turns(shares, 1);
                Give(shares, turns, granted);
                for (var i = 0; i < shares.Count; i++)
                {
                    Assert.InRange(granted[i] - (grants * shares[i].Weight / all), -1 - 1e-6, 1 + 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Many_slots_at_once_are_shared_as_if_they_came_one_after_the_other()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            double[] weights = [.. Enumerable.Range(0, random.Next(2, 6)).Select(_ => (double)random.Next(1, 6))];
            var one = Shares(weights);
            var apiece = new int[weights.Length];
            for (var i = 0; i < 64; i++)
            {
                Give(one, FairShare.Turns(one, 1), apiece);
            }

            Assert.Equal(apiece, FairShare.Turns(Shares(weights), 64));
        }
    }

    [Fact]
    public void Whoever_joins_late_gets_a_slot_within_a_bounded_number_of_grants_and_does_not_catch_up_on_the_past()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var shares = Shares([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (double)random.Next(1, 10))]);
            for (var i = 0; i < random.Next(0, 200); i++)
            {
                Give(shares, FairShare.Turns(shares, 1), new int[shares.Count]);
            }

            var late = Shares(random.Next(1, 10))[0];
            late.Join(shares);
            shares.Add(late);
            var all = shares.Sum(share => share.Weight);
            var granted = new int[shares.Count];
            var first = 0;
            for (var grants = 1; grants <= 300; grants++)
            {
                Give(shares, FairShare.Turns(shares, 1), granted);
                first = first == 0 && granted[^1] > 0 ? grants : first;
            }

            Assert.InRange(first, 1, (2 * all / late.Weight) + shares.Count);
            Assert.InRange(granted[^1] - (300 * late.Weight / all), -2, 2);
        }
    }

    [Fact]
    public void Slot_time_is_shared_not_the_number_of_trials()
    {
        // Four slots, in simulated time: trials of an hour, of a second, and of anything.
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var sweeps = Shares(1, 2, 1);
            Func<double>[] lengths = [() => 100, () => 1, () => 1 + (50 * random.NextDouble())];
            var ended = new double[3];
            var count = new int[3];
            var running = new List<(int Sweep, double Begin, double End)>();
            var now = 0.0;
            while (now < 20_000)
            {
                while (running.Count < 4)
                {
                    Tell();
                    var next = Array.IndexOf(FairShare.Turns(sweeps, 1), 1);
                    running.Add((next, now, now + lengths[next]()));
                }

                now = running.Min(trial => trial.End);
                foreach (var over in running.Where(trial => trial.End <= now).ToList())
                {
                    running.Remove(over);
                    ended[over.Sweep] += over.End - over.Begin;
                    count[over.Sweep]++;
                }
            }

            var used = Enumerable.Range(0, 3).Select(i => ended[i] + running.Where(trial => trial.Sweep == i).Sum(trial => now - trial.Begin)).ToArray();
            Assert.InRange(used[0] / now, 1 - 0.02, 1 + 0.02);
            Assert.InRange(used[1] / now, 2 - 0.02, 2 + 0.02);
            Assert.InRange(used[2] / now, 1 - 0.02, 1 + 0.02);

            void Tell()
            {
                for (var i = 0; i < 3; i++)
                {
                    var mean = count[i] == 0 ? 1 : ended[i] / count[i];
                    sweeps[i].Tell(new SlotUse(ended[i] + running.Where(trial => trial.Sweep == i).Sum(trial => Math.Max(mean, now - trial.Begin)), mean));
                }
            }
        }
    }

    [Fact]
    public void Whoever_passes_its_turn_has_no_claim_to_it_later()
    {
        var shares = Shares(1, 1);
        var granted = new int[2];
        for (var i = 0; i < 100; i++)
        {
            Give(shares, [1, 0], granted);
            shares[1].Pass(FairShare.Now(shares));
        }

        Assert.InRange(FairShare.Turns(shares, 20)[1], 10, 12);
    }

    [Fact]
    public void Slots_that_a_sweep_is_asked_about_are_not_promised_to_it_twice()
    {
        var shares = Shares(1, 1);
        shares[0].Ask(3);
        Assert.Equal([1, 4], FairShare.Turns(shares, 5));

        shares[0].Ask(-3);
        Assert.Equal([3, 2], FairShare.Turns(shares, 5));
    }

    [Fact]
    public void How_long_one_waits_is_what_others_get_before()
    {
        var shares = Shares(3, 1);
        Give(shares, [0, 1], new int[2]);

        Assert.Equal((4, 0), FairShare.Wait(shares, 1, 100));
        Assert.Equal((0, 0), FairShare.Wait(shares, 0, 100));
        Assert.Equal((2, 0), FairShare.Wait(shares, 1, 2));
    }

    private static List<SlotShare> Shares(params double[] weights) => [.. weights.Select(weight =>
    {
        var share = new SlotShare(weight);
        share.Tell(new SlotUse(0, 1));
        return share;
    })];

    /// <summary>Trials that take one second of a slot.</summary>
    private static void Give(List<SlotShare> shares, int[] turns, int[] granted)
    {
        for (var i = 0; i < shares.Count; i++)
        {
            granted[i] += turns[i];
            Charged.AddOrUpdate(shares[i], new Total { Seconds = (Charged.TryGetValue(shares[i], out var before) ? before.Seconds : 0) + turns[i] });
            shares[i].Tell(new SlotUse(Charged.GetOrCreateValue(shares[i]).Seconds, 1));
        }
    }

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<SlotShare, Total> Charged = [];

    private sealed class Total
    {
        public double Seconds { get; init; }
    }
}
