using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The device of a worker or a run, tried before there is a trial: a driver that does not start would fail each of them.</summary>
/// <param name="Libtorch">From <c>--libtorch</c>.</param>
/// <param name="BringsItsOwn">Whether programs of users may run, which bring what they need of a GPU with them.</param>
/// <param name="Gpus">How many <c>auto</c> and <c>cuda</c> take.</param>
internal sealed record DeviceChoice(string Asked, string? Libtorch, bool BringsItsOwn, int Gpus = 1)
{
    /// <summary>Whether anything will train on it.</summary>
    public bool IsUsed { get; init; } = true;

    /// <summary><c>auto</c> falls back to the CPU where the GPUs are taken or cannot be used.</summary>
    /// <param name="folder">That workers of this machine share, for the lock where no other can be had.</param>
    /// <exception cref="CommandError">There is no such device, another worker has it, it cannot be used, or a libtorch that is named does
    /// not load.</exception>
    public async Task<HeldDevice> HoldAsync(
        string folder, Func<string, string?> variable, Action<string> say, CancellationToken cancellation)
    {
        var device = Choose();
        if (!IsUsed) return new HeldDevice(device, null);

        if (device.Gpus.IsEmpty) return await CpuAsync(cancellation);

        try
        {
            var held = new HeldDevice(device, GpuLock.Hold(device.Gpus, folder, variable));
            if (await DeviceCheck.ProblemAsync(RunnerCommandLine.For(Libtorch), [.. device.Gpus.Select(gpu => gpu.Uuid)], cancellation)
                is not { } problem)
            {
                return held;
            }

            held.Dispose();
            throw new CommandError(
                ExitCodes.Usage, $"{device.Name} ({device.Gpus[0].Name}) cannot be used: {problem}",
                "seqsweep doctor tries it again; --device cpu trains on the CPU");
        }
        catch (CommandError error) when (Asked == "auto")
        {
            say($"warning: {error.Message}; the CPU trains instead");
            return new HeldDevice(new DeviceSelection("cpu", []), null);
        }
    }

    /// <summary>The CPU trains without libtorch, so only one that the user names is looked at.</summary>
    private async Task<HeldDevice> CpuAsync(CancellationToken cancellation)
    {
        if (Libtorch is not null)
        {
            await LibtorchFiles.CheckAsync(Libtorch, cancellation);
        }

        return new HeldDevice(new DeviceSelection("cpu", []), null);
    }

    private DeviceSelection Choose()
    {
        try
        {
            return DeviceSelection.Choose(
                Asked, Asked == "cpu" ? [] : DeviceSelection.ListGpus(), LibtorchFiles.HaveCuda(Libtorch) || BringsItsOwn, Gpus);
        }
        catch (ArgumentException error) when (error.ParamName is null)
        {
            throw new CommandError(ExitCodes.Usage, error.Message);
        }
    }
}

/// <summary>A device that no other worker of this account takes until it is let go.</summary>
internal sealed record HeldDevice(DeviceSelection Device, IDisposable? Lock) : IDisposable
{
    public void Dispose() => Lock?.Dispose();
}
