using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class DeviceSelectionTests
{
    private static readonly Gpu[] Two = [new(0, "H100", "GPU-aa"), new(1, "H100", "GPU-bb")];

    [Theory]
    [InlineData("auto", true, "cuda:0")]
    [InlineData("auto", false, "cpu")]
    [InlineData("cpu", true, "cpu")]
    [InlineData("cuda", true, "cuda:0")]
    [InlineData("cuda:1", true, "cuda:1")]
    [InlineData("cuda:1,0", true, "cuda:1,0")]
    public void A_device_that_is_there_is_taken(string asked, bool cuda, string expected) =>
        Assert.Equal(expected, DeviceSelection.Choose(asked, Two, cuda).Name);

    [Theory]
    [InlineData("cuda:2", true, "cuda:0 (H100)")]
    [InlineData("cuda:0", false, "--libtorch")]
    [InlineData("gpu", true, "cpu, cuda, cuda:N, cuda:N,M,... or auto")]
    [InlineData("cuda:0,2", true, "cuda:0 (H100)")]
    [InlineData("cuda:1,1", true, "twice")]
    [InlineData("cuda:", true, "no device")]
    public void One_that_is_not_says_what_there_is(string asked, bool cuda, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => DeviceSelection.Choose(asked, Two, cuda)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("auto", 2, "cuda:0,1")]
    [InlineData("cuda", 2, "cuda:0,1")]
    [InlineData("auto", 8, "cuda:0,1")]
    [InlineData("cuda:1", 2, "cuda:1")]
    public void As_many_are_taken_as_a_trial_needs(string asked, int count, string expected) =>
        Assert.Equal(expected, DeviceSelection.Choose(asked, Two, true, count).Name);

    [Theory]
    [InlineData(4, 1, "abcd")]
    [InlineData(4, 2, "ab cd")]
    [InlineData(2, 2, "a b")]
    [InlineData(2, 4, "a b a b")]
    [InlineData(1, 2, "a a")]
    [InlineData(0, 2, " ")]
    public void Slots_share_the_GPUs_evenly(int gpus, int slots, string expected)
    {
        var worker = new WorkerOptions
        {
            Name = "w", Slots = slots, CheckpointFolder = "", LogFolder = "", RunnerCommand = [], GpuIds = [.. "abcd"[..gpus].Select(name => $"{name}")],
        };
        Assert.Null(worker.UnevenSlots);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, slots).Select(slot => string.Concat(worker.OfSlot(slot).GpuIds))));
        Assert.Equal(expected.Split(' ')[0].Length, worker.GpusPerSlot);
        Assert.Equal(gpus == 4 ? "4 GPUs cannot be shared out evenly to 3 slots" : null, gpus == 4 ? (worker with { Slots = 3 }).UnevenSlots : null);
    }

    [Fact]
    public void The_list_of_nvidia_smi_is_read()
    {
        const string listed = "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-3c1f)\n  MIG 1g.10gb     Device  0: (UUID: MIG-1)\nGPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-77)\n";
        var whole = new Gpu(0, "NVIDIA H100 80GB HBM3", "GPU-3c1f");
        Assert.Equal(
            [new Gpu(0, "NVIDIA H100 80GB HBM3 MIG 1g.10gb", "MIG-1") { Whole = whole }, new Gpu(1, "NVIDIA A100-SXM4-40GB", "GPU-77")], DeviceSelection.ParseList(listed));
    }

    [Theory]
    [InlineData("auto", "MIG-1")]
    [InlineData("cuda", "MIG-1")]
    [InlineData("cuda:1", "MIG-2")]
    public void A_process_gets_one_slice(string asked, string expected) =>
        Assert.Equal(expected, Assert.Single(DeviceSelection.Choose(asked, Slices, true, 2).Gpus).Uuid);

    [Fact]
    public void Two_slices_in_one_process_are_refused() =>
        Assert.Contains("MIG", Assert.Throws<ArgumentException>(() => DeviceSelection.Choose("cuda:0,1", Slices, true)).Message, StringComparison.Ordinal);

    [Fact]
    public void Facts_name_the_GPUs_and_leave_out_what_the_driver_does_not_say()
    {
        Assert.Empty(DeviceSelection.Choose("cpu", Two, true).Facts);
        Assert.Equal("gpu=H100 gpu_uuid=GPU-aa, GPU-bb", Text(DeviceSelection.Choose("cuda:0,1", Two, true)));
        var known = Two[0] with { Driver = "570.00", Capability = "9.0" };
        Assert.Equal("gpu=H100 gpu_capability=9.0 gpu_driver=570.00 gpu_uuid=GPU-aa", Text(new DeviceSelection("cuda:0", [known])));

        static string Text(DeviceSelection device) => string.Join(' ', device.Facts.Select(fact => $"{fact.Key}={fact.Value}"));
    }

    [Fact]
    public void A_program_that_does_not_answer_is_given_up() => Assert.Null(ProgramAnswer.Of("sleep", TimeSpan.FromMilliseconds(50), "1000"));

    private static Gpu[] Slices => [new(0, "H100 MIG 1g", "MIG-1") { Whole = Two[0] }, new(1, "H100 MIG 1g", "MIG-2") { Whole = Two[0] }];
}
