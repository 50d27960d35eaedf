using SeqMnistSweep.Worker.Slots;
using static SeqMnistSweep.Worker.Tests.Support.WorkerRig;

namespace SeqMnistSweep.Worker.Tests.Slots;

public sealed class SlotTests
{
    [Fact]
    public async Task An_idle_runner_makes_room_for_others_and_one_that_a_trial_uses_does_not()
    {
        var slot = new Slot(new WorkerOptions { Name = "w", Slots = 1, CheckpointFolder = "", LogFolder = "", RunnerCommand = ["cat"] }) { IsBusy = true };
        await slot.RunnerAsync(Grant(1, program: "tcn"));
        var process = slot.Process;
        Assert.NotEqual(0, process);
        await slot.RecycleIdleAsync();
        Assert.Equal(process, slot.Process);
        slot.IsBusy = false;
        await slot.RecycleIdleAsync();
        Assert.Equal(0, slot.Process);
    }
}
