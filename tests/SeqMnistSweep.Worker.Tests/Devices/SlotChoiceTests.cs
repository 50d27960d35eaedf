using SeqMnistSweep.Grains;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class SlotChoiceTests
{
    [Theory]
    [InlineData(1, "")]
    [InlineData(1, "100")]
    [InlineData(1, "100 105")]
    [InlineData(2, "100 200 210")]
    [InlineData(4, "100 190 350 330")]
    [InlineData(4, "100 190 350 380")]
    [InlineData(8, "100 190 350 400")]
    public void The_fewest_within_a_tenth_of_the_best_are_taken(int expected, string rates) => Assert.Equal(expected, SlotChoice.Of(Rounds(rates)));

    [Theory]
    [InlineData(1, "", 64)]
    [InlineData(2, "100", 64)]
    [InlineData(4, "100 200", 64)]
    [InlineData(null, "100 105", 64)]
    [InlineData(null, "100 200 190", 64)]
    [InlineData(null, "100 200 220", 64)]
    [InlineData(3, "100 200", 3)]
    [InlineData(null, "100", 1)]
    public void Twice_as_many_are_tried_as_long_as_that_was_a_gain(int? expected, string rates, int most) => Assert.Equal(expected, SlotChoice.Next(Rounds(rates), most));

    [Theory]
    [InlineData(10, 30, 2, 4, true)]
    [InlineData(10, 50, 2, 4, true)]
    [InlineData(10, 60, 2, 4, false)]
    public void More_are_tried_where_each_finds_as_much_memory_as_the_others_took(long before, long now, int slots, int next, bool expected)
    {
        Assert.Equal(expected, SlotChoice.HasMemory(new DeviceMemory(before, 100), new DeviceMemory(now, 100), slots, next));
        Assert.True(SlotChoice.HasMemory(null, null, slots, next));
    }

    private static SlotRound[] Rounds(string rates) =>
        [.. rates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((rate, i) => new SlotRound(1 << i, double.Parse(rate)))];
}
