namespace SeqMnistSweep.Worker.Devices;

/// <summary>Tells a broken device from a broken trial: after a crash, and after a fault that the driver tells, the device is tested, and while
/// it fails the test, which is repeated now and then, the worker takes no trials.</summary>
internal sealed class DeviceGuard : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private Task<string?>? _testing;
    private readonly Func<CancellationToken, Task<string?>>? _test;
    private readonly TimeProvider _time;
    private bool _isBroken;
    private volatile string? _fault;

    /// <param name="test">Why the device does not work; null where it does. Null on a CPU, which needs no test.</param>
    public DeviceGuard(Func<CancellationToken, Task<string?>>? test, TimeProvider time) =>
        (_test, _time, _ended) = (test, time, _end.Token);

    /// <summary>Called with why the device does not work, and with null when it works again.</summary>
    public Action<string?> Changed { get; set; } = _ => { };

    /// <summary>Whether an attempt that ended so may be the device's fault.</summary>
    public bool Suspects(AttemptEvent ended) =>
        _test is not null && ended is AttemptEvent.Failed { Cause: FailureCause.Crashed or FailureCause.Device };

    /// <summary>The same end, or <see cref="FailureCause.Device"/> where the device had a fault meanwhile, or fails its test.</summary>
    /// <param name="fault">What the driver told of the device since the attempt began; null where nothing.</param>
    public async Task<AttemptEvent> JudgeAsync(AttemptEvent ended, string? fault = null)
    {
        if (!Suspects(ended) || ended is not AttemptEvent.Failed { Message: var message }) return ended;

        string?[] reasons = [fault, await TestAsync(fault)];
        var told = string.Join("; ", reasons.OfType<string>());
        return told.Length == 0 ? ended : new AttemptEvent.Failed(FailureCause.Device, $"{told}; the trial said: {message}");
    }

    /// <summary>Tests the device, one test at a time: who asks meanwhile gets its result.</summary>
    /// <param name="fault">Why: what the driver told of it; null where it told nothing.</param>
    /// <returns>Why it does not work; null where it does.</returns>
    public Task<string?> TestAsync(string? fault)
    {
        _fault = fault ?? _fault;
        lock (_gate)
        {
            return _testing is { IsCompleted: false } running ? running : _testing = RunAsync();
        }
    }

    /// <summary>Ends what is being tested. May be called again.</summary>
    public void Dispose()
    {
        if (_ended.IsCancellationRequested) return;

        _end.Cancel();
        _end.Dispose();
    }

    private async Task<string?> RunAsync()
    {
        var trouble = await TryAsync();
        if (_isBroken) return trouble;

        if (trouble is null)
        {
            _fault = null;
            return null;
        }

        _isBroken = true;
        Tell(trouble);
        _ = RecoverAsync();
        return trouble;
    }

    private async Task RecoverAsync()
    {
        while (true)
        {
            await Task.Delay(Pause, _time, _ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ended.IsCancellationRequested) return;

            if (await TryAsync() is not { } trouble)
            {
                (_isBroken, _fault) = (false, null);
                Changed(null);
                return;
            }

            Tell(trouble);
        }
    }

    private void Tell(string trouble) => Changed(_fault is { } fault ? $"{fault}; {trouble}" : trouble);

    private async Task<string?> TryAsync()
    {
        try
        {
            return await _test!(_ended);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            return $"the test of the device did not start: {error.Message}";
        }
    }
}
