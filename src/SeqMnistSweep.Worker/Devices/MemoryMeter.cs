namespace SeqMnistSweep.Worker.Devices;

/// <summary>Reads the device's memory every few seconds, beside the exchange: a driver may take its time to answer.</summary>
internal sealed class MemoryMeter(Func<MemoryReading?> read, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);

    private long? _begun;
    private Task<MemoryReading?>? _reading;

    /// <summary>A reading that nobody was told of yet, once; starts the next one when it is time. Called by one thread.</summary>
    public MemoryReading? News()
    {
        MemoryReading? news = null;
        if (_reading is { IsCompleted: true } done)
        {
            _reading = null;
            news = done.IsCompletedSuccessfully ? done.Result : null;
        }

        if (_reading is null && (_begun is not { } begun || time.GetElapsedTime(begun) >= Every))
        {
            _begun = time.GetTimestamp();
            _reading = Task.Run(read);
        }

        return news;
    }
}
