using System.Reflection;
using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class SweepEditsTests
{
    private static readonly SweepEdits All = new()
    {
        RunCap = 40,
        MaxParallel = 2,
        MaxFailures = 3,
        TrialTime = TimeSpan.FromSeconds(90),
        SweepTime = TimeSpan.FromHours(2),
        Priority = -1,
        Weight = 0.5,
        Epochs = 900,
        SlotHours = 1.5,
        Seeds = 4,
        ConfirmTop = 3,
        ConfirmSeeds = 7,
        Workers = "a100",
    };

    [Fact]
    public void Every_property_has_its_row_in_the_table()
    {
        var properties = typeof(SweepEdits).GetProperties(BindingFlags.Instance | BindingFlags.Public);
        Assert.All(properties, property => Assert.NotNull(property.GetValue(All)));
        Assert.Equal(properties.Length, EditableField.All.Count);
        Assert.Equal(All, SweepEdits.None.With(All));
        Assert.Equal(All, All.With(SweepEdits.None));
    }

    [Fact]
    public void They_are_shown_by_the_names_of_the_file() => Assert.Equal(
        "run_cap 40, max_parallel 2, max_failures 3, trial_time 90 s, sweep_time 7200 s, priority -1, weight 0.5, epochs 900, slot_hours 1.5, "
        + "seeds 4, confirm.top 3, confirm.seeds 7, only workers tagged 'a100'",
        All.ToString());

    [Fact]
    public void They_count_over_what_the_file_says()
    {
        var definition = SweepFile.Parse("{program: noop, method: random, run_cap: 9, parameters: {x: {min: 0.0, max: 1.0}}}", "e.yaml").Definition!;
        var edited = All.ApplyTo(definition);
        Assert.Equal((40, -1, 0.5, 4), (edited.RunCap, edited.Priority, edited.Weight, edited.Seeds.Count));
        Assert.Equal((2, 3, 900L, 1.5), (edited.Limits.MaxParallel, edited.Limits.MaxFailures, edited.Limits.Epochs, edited.Limits.SlotHours));
        Assert.Equal((90, 2), (edited.Limits.TrialTime!.Value.TotalSeconds, edited.Limits.SweepTime!.Value.TotalHours));
        Assert.Equal(definition, SweepEdits.None.ApplyTo(definition));
    }

    [Fact]
    public void A_new_file_takes_the_place_of_the_amounts_alone() => Assert.Equal(
        new SweepEdits { MaxParallel = 2, TrialTime = TimeSpan.FromSeconds(90), Priority = -1, Weight = 0.5, Workers = "a100" },
        All.WithoutAmounts());

    [Theory]
    [InlineData("run_cap must be 1 or more")]
    [InlineData("max_parallel must be 1 or more; to hold the sweep, pause it")]
    [InlineData("weight must be a number above 0; to hold the sweep, pause it")]
    [InlineData("slot_hours must be a number above 0")]
    [InlineData("trial_time must be longer than nothing")]
    public void A_value_that_makes_no_sense_is_refused_by_name(string problem)
    {
        var edits = problem[0] switch
        {
            'r' => new SweepEdits { RunCap = 0 },
            'm' => new SweepEdits { MaxParallel = 0 },
            'w' => new SweepEdits { Weight = double.PositiveInfinity },
            's' => new SweepEdits { SlotHours = double.NaN },
            _ => new SweepEdits { TrialTime = TimeSpan.Zero },
        };
        Assert.Equal(problem, edits.Problem(configurations: 0));
    }

    [Fact]
    public void Nothing_is_a_problem_of_all_and_fewer_configurations_than_are_made_are_one()
    {
        Assert.Null(All.Problem(configurations: 40));
        Assert.Equal("run_cap 40 is below the 41 configurations that are made already", All.Problem(configurations: 41));
        Assert.Equal("nothing is named that should be changed", SweepEdits.None.Problem(0));
    }
}
