using System.Collections.Immutable;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Tests.Scheduling;

/// <summary>Two schedules get the same words; of one every stored text is replaced by a constant after each of them.</summary>
public sealed class TextsDecideNothingTests
{
    [Theory]
    [InlineData("")]
    [InlineData("early_terminate: {type: asha, mode: promotion, min_epochs: 1, eta: 2}")]
    [InlineData("early_terminate: {type: asha, mode: stopping, min_epochs: 1, eta: 2}")]
    public void A_schedule_decides_the_same_whatever_its_stored_texts_say(string more)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var (told, wordless) = (Rig(more), Rig(more));
            var random = new Random(seed);
            for (var step = 0; step < 60; step++)
            {
                var (what, pick) = (random.Next(13), random.Next(1000));
                var expected = Step(told, what, pick);
                told.Rebuild();
                Assert.Equal(expected, Step(wordless, what, pick));
                wordless.Rebuild("x");
            }

            Assert.Equal(told.Events.Select(entry => entry.What), wordless.Events.Select(entry => entry.What));
            Assert.Equal(told.Attempts, wordless.Attempts);
            Assert.Equal(told.Rows.Values.Select(Wordless), wordless.Rows.Values.Select(Wordless));
            Assert.Equal(told.Row.State, wordless.Row.State);
        }
    }

    private static ScheduleRig Rig(string more)
    {
        var file = $"program: noop\nmethod: grid\nmetric: {{name: value}}\nparameters: {{epochs: {{value: 3}}}}\n{more}";
        var pruner = SweepFile.Parse(file, "rig.yaml").Definition!.EarlyTerminate;
        return new ScheduleRig(configurations: 6, definition => definition with
        {
            EarlyTerminate = pruner,
            Retry = definition.Retry with { Max = 1 },
            Limits = definition.Limits with { MaxFailures = 3 },
        });
    }

    /// <returns>What was decided, without the texts.</returns>
    private static string Step(ScheduleRig rig, int what, int pick)
    {
        rig.Now += TimeSpan.FromSeconds(10);
        var active = rig.Schedule.Active.OrderBy(trial => trial.Number).ToList();
        if (what < 4 || (active.Count == 0 && what < 10))
        {
            return rig.Grant(ahead: pick % 3 == 0) is { } grant ? $"{grant.Trial} {grant.Lease} {grant.Attempt} {grant.Resume?.Digest} {grant.Alone}" : "nothing";
        }

        if (what >= 10)
        {
            return Ask(rig, what, pick);
        }

        var trial = active[pick % active.Count];
        AttemptEvent word = what switch
        {
            4 => new AttemptEvent.Started(pick % 2 == 0 ? "cpu" : "cuda:0"),
            5 or 6 => new AttemptEvent.Reported(
                new EpochReport(trial.Epoch + 1, ImmutableSortedDictionary<string, double>.Empty.Add("value", pick)), new CheckpointFile(trial.Epoch + 1, 0, $"c{pick}", 1)),
            7 => new AttemptEvent.Completed(null, null),
            8 => new AttemptEvent.Failed((FailureCause)(pick % 4), "crashed: preempted by ended with the sweep: "),
            _ => pick % 2 == 0 ? new AttemptEvent.Released("lost with w1") : new AttemptEvent.Killed("timeout: no"),
        };
        if (pick % 5 == 0)
        {
            rig.Do(schedule => schedule.Lose(trial.Number, trial.Lease, (LeaseLoss)(pick % 2), rig.Now));
            return "lost";
        }

        Answer answer = default;
        rig.Do(schedule => answer = schedule.Apply(trial.Number, trial.Lease, word, rig.Now));
        return answer.ToString();
    }

    private static string Ask(ScheduleRig rig, int what, int pick)
    {
        try
        {
            rig.Do(schedule =>
            {
                switch (what, pick % 4)
                {
                    case (10, 0): schedule.Stop("ada@lab", "timeout:", rig.Now); break;
                    case (10, _): schedule.CancelTrial(1 + (pick % 6), "ada@lab", "ended with the sweep: ", rig.Now); break;
                    case (11, _): schedule.Retry([], null, "ada@lab", "again", rig.Now); break;
                    default: schedule.Extend(null, new SweepEdits { MaxFailures = 4 + pick }, ImmutableSortedDictionary<string, string>.Empty, "ada@lab", "more", rig.Now); break;
                }
            });
            return "done";
        }
        catch (SweepRefusedException)
        {
            return "refused";
        }
    }

    private static TrialRecord Wordless(TrialRecord trial) => trial with { Message = null, Origin = null };
}
