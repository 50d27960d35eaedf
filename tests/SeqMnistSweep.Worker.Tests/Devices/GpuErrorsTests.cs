using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Worker.Tests.Devices;

public sealed class GpuErrorsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly GpuErrors _faults = new();

    [Theory]
    [InlineData(79, "Xid 79, the GPU has fallen off the bus")]
    [InlineData(48, "Xid 48, a double bit ECC error")]
    [InlineData(94, "Xid 94, a memory error, contained to its program")]
    [InlineData(13, null)]
    [InlineData(31, null)]
    [InlineData(43, null)]
    [InlineData(45, null)]
    [InlineData(63, null)]
    [InlineData(109, null)]
    [InlineData(74, null)]
    [InlineData(999, null)]
    public void An_error_code_is_a_fault_of_the_GPU_where_the_catalog_has_it_reset_or_names_its_memory(long code, string? fault)
    {
        Assert.Equal(fault, Xid.FaultOf(code));
        Assert.Equal(fault is null ? [] : [fault], Take(new GpuReading("a") { Xids = [code] }));
        Assert.Equal((int)code, _faults.LastXid);
    }

    [Fact]
    public void Memory_errors_count_from_the_first_reading_on()
    {
        Assert.Empty(Take(new GpuReading("a") { EccErrors = 7 }));
        Assert.Empty(Take(new GpuReading("a") { EccErrors = 7 }));
        Assert.Equal(["1 memory error that ECC did not correct"], Take(new GpuReading("a") { EccErrors = 8 }));
        Assert.Empty(Take(new GpuReading("a")));
        Assert.Equal(["2 memory errors that ECC did not correct"], Take(new GpuReading("a") { EccErrors = 10 }));
    }

    [Fact]
    public void A_driver_that_was_loaded_anew_counts_them_from_nothing()
    {
        Take(new GpuReading("a") { EccErrors = 7 });
        Assert.Empty(Take(new GpuReading("a") { EccErrors = 0 }));
        Take(new GpuReading("a") { EccErrors = 7 });
        Assert.Equal(["3 memory errors that ECC did not correct"], Take(new GpuReading("a") { EccErrors = 3 }));
    }

    [Fact]
    public void A_GPU_is_lost_once()
    {
        Assert.Equal(["the driver has lost the GPU"], Take(new GpuReading("a") { IsLost = true }));
        Assert.Empty(Take(new GpuReading("a") { IsLost = true }));
        Assert.Empty(Take(new GpuReading("a")));
        Assert.Single(Take(new GpuReading("a") { IsLost = true }));
    }

    [Fact]
    public void A_driver_that_says_nothing_tells_of_no_fault()
    {
        Assert.Empty(Take(new GpuReading("a")));
        Assert.Equal((null, null), (_faults.Last, _faults.LastXid));
    }

    [Fact]
    public void A_fault_is_that_of_its_GPU_and_of_what_ran_there_then()
    {
        _faults.Take(new GpuReading("a") { Xids = [48, 94] }, Noon);
        _faults.Take(new GpuReading("b"), Noon);
        Assert.Equal("Xid 94, a memory error, contained to its program", _faults.Since(Noon, ["b", "a"]));
        Assert.Null(_faults.Since(Noon, ["b"]));
        Assert.Null(_faults.Since(Noon.AddSeconds(1), ["a"]));
    }

    private IEnumerable<string> Take(GpuReading reading) => _faults.Take(reading, Noon).Select(fault => fault.What);
}
