namespace SeqMnistSweep.Worker.Devices;

/// <summary>What the driver says of one GPU or slice. What it does not say is null: an old driver knows less, and cheap GPUs have no
/// ECC.</summary>
/// <param name="Gpu">Its UUID.</param>
public sealed record GpuReading(string Gpu)
{
    /// <summary>Percent of the last second or less in which something was computed.</summary>
    public int? Utilization { get; init; }

    /// <summary>Memory errors that ECC did not correct, since the driver was loaded.</summary>
    public long? EccErrors { get; init; }

    /// <summary>Whether memory that failed is put out of use only when the GPU is reset.</summary>
    public bool NeedsReset { get; init; }

    /// <summary>Error codes (Xid) since the reading before, in their order.</summary>
    public ImmutableArray<long> Xids { get; init; } = [];

    /// <summary>Whether the driver has lost it.</summary>
    public bool IsLost { get; init; }
}

/// <param name="Gpu">Its UUID.</param>
/// <param name="What">For a person: <c>Xid 79, the GPU has fallen off the bus</c>.</param>
/// <param name="Seen">When it was read.</param>
internal sealed record GpuError(string Gpu, string What, DateTimeOffset Seen);

/// <summary>The faults of a worker's GPUs, from one reading to the next: an <see cref="Xid"/> that is the GPU's own, a memory error that ECC
/// did not correct, and a GPU that is lost. For one thread at a time.</summary>
internal sealed class GpuErrors
{
    /// <summary>Kept, the newest.</summary>
    private const int Most = 100;

    private readonly Dictionary<string, GpuReading> _before = [];
    private readonly List<GpuError> _faults = [];

    public GpuError? Last => _faults.LastOrDefault();

    /// <summary>The last error code, whoever was to blame; null before the first.</summary>
    public int? LastXid { get; private set; }

    /// <summary>Takes in a reading. Errors that were counted before the first one are old.</summary>
    /// <returns>The new faults.</returns>
    public IReadOnlyList<GpuError> Take(GpuReading reading, DateTimeOffset now)
    {
        var before = _before.GetValueOrDefault(reading.Gpu);
        List<string> found = [.. reading.Xids.Select(Xid.FaultOf).OfType<string>()];
        if (reading.EccErrors is { } errors && before?.EccErrors is { } counted)
        {
            // A driver that was loaded anew counts from 0.
            var more = errors < counted ? errors : errors - counted;
            if (more > 0)
            {
                found.Add($"{Plural.Of(more, "memory error")} that ECC did not correct");
            }
        }

        if (reading.IsLost && before?.IsLost != true)
        {
            found.Add("the driver has lost the GPU");
        }

        LastXid = reading.Xids.IsEmpty ? LastXid : (int)reading.Xids[^1];
        _before[reading.Gpu] = reading with { EccErrors = reading.EccErrors ?? before?.EccErrors };
        List<GpuError> faults = [.. found.Select(what => new GpuError(reading.Gpu, what, now))];
        _faults.AddRange(faults);
        _faults.RemoveRange(0, Math.Max(0, _faults.Count - Most));
        return faults;
    }

    /// <summary>What one of these GPUs did wrong from a time on, the last of it; null where nothing.</summary>
    public string? Since(DateTimeOffset since, IReadOnlyCollection<string> gpus) =>
        _faults.FindLast(fault => fault.Seen >= since && gpus.Contains(fault.Gpu))?.What;
}
