using System.Runtime.InteropServices;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>Reads from NVML how GPUs are (docs.nvidia.com/deploy/nvml-api: device queries, event handling). A function that the driver is too
/// old for, and what a GPU does not support, leave out what they would say.</summary>
/// <param name="gpus">UUIDs of GPUs or slices.</param>
public sealed class GpuReader(IReadOnlyCollection<string> gpus)
{
    private const int MaxEvents = 100;

    // nvmlReturn_t, nvmlMemoryErrorType_t, nvmlEccCounterType_t, nvmlEventTypeXidCriticalError.
    private const int NotSupported = 3;
    private const int GpuIsLost = 15;
    private const int Uncorrected = 1;
    private const int SinceDriverLoad = 0;
    private const ulong XidEvents = 8;

    /// <summary>Of a slice, in an event that is not one slice's.</summary>
    private const uint AnySlice = uint.MaxValue;

    private List<Watched>? _watched;
    private nint _events;

    /// <summary>How GPUs are; none of them where the driver says nothing in time.</summary>
    /// <inheritdoc cref="GpuReader(IReadOnlyCollection{string})" path="/param"/>
    public static IReadOnlyList<GpuReading> ReadOnce(IReadOnlyCollection<string> gpus)
    {
        var asked = Task.Run(new GpuReader(gpus).Read);
        return asked.Wait(NvidiaSmi.Limit) ? asked.Result : [];
    }

    /// <summary>All of them; none where NVML is missing. For one thread at a time. Error codes are those since the first call.</summary>
    public IReadOnlyList<GpuReading> Read()
    {
        if (!Nvml.Answers) return [];

        _watched ??= Watch();
        var events = TakeEvents();
        return
        [
            .. gpus.Select(gpu => Read(gpu) with
            {
                Xids =
                [
                    .. events.Where(happened => _watched.Exists(one => one.Gpu == gpu && one.Concerns(happened)))
                        .Select(happened => (long)happened.Data),
                ],
            }),
        ];
    }

    private static GpuReading Read(string gpu)
    {
        var handle = Nvml.DeviceGetHandleByUuid(gpu, out var device);
        if (handle != 0) return new GpuReading(gpu) { IsLost = handle == GpuIsLost };

        ulong errors = 0;
        Utilization busy = default;
        uint rows = 0;
        var pages = 0;
        var counted = Ask(() => DeviceGetTotalEccErrors(device, Uncorrected, SinceDriverLoad, out errors));
        var measured = Ask(() => DeviceGetUtilizationRates(device, out busy));
        return new GpuReading(gpu)
        {
            Utilization = measured == 0 ? (int)busy.Gpu : null,
            EccErrors = counted == 0 ? (long)errors : null,
            NeedsReset = (Ask(() => DeviceGetRemappedRows(device, out _, out _, out rows, out _)) == 0 && rows != 0)
                || (Ask(() => DeviceGetRetiredPagesPendingStatus(device, out pages)) == 0 && pages != 0),
            IsLost = counted == GpuIsLost || measured == GpuIsLost,
        };
    }

    /// <summary>Events are a whole GPU's, whoever uses it.</summary>
    private List<Watched> Watch()
    {
        var watched = new List<Watched>();
        if (Ask(() => EventSetCreate(out _events)) != 0) return watched;

        foreach (var gpu in gpus)
        {
            if (Nvml.DeviceGetHandleByUuid(gpu, out var device) != 0) continue;

            nint whole = 0;
            uint slice = AnySlice;
            if (Ask(() => DeviceGetDeviceHandleFromMigDeviceHandle(device, out whole)) != 0)
            {
                whole = device;
            }
            else if (Ask(() => DeviceGetGpuInstanceId(device, out slice)) != 0)
            {
                slice = AnySlice;
            }

            if (watched.Exists(one => one.Whole == whole) || Ask(() => DeviceRegisterEvents(whole, XidEvents, _events)) == 0)
            {
                watched.Add(new Watched(gpu, whole, slice));
            }
        }

        return watched;
    }

    private List<EventData> TakeEvents()
    {
        var events = new List<EventData>();
        var data = new EventData();
        while (_watched!.Count > 0 && events.Count < MaxEvents && Ask(() => EventSetWait(_events, out data, 0)) == 0)
        {
            if (data.Type == XidEvents)
            {
                events.Add(data);
            }
        }

        return events;
    }

    private static int Ask(Func<int> question)
    {
        try
        {
            return question();
        }
        catch (EntryPointNotFoundException)
        {
            return NotSupported;
        }
    }

    /// <param name="Whole">Handle of the GPU that it is, or belongs to.</param>
    /// <param name="Slice">GPU instance of a slice.</param>
    private sealed record Watched(string Gpu, nint Whole, uint Slice)
    {
        private readonly string? _uuid = Nvml.UuidOf(Whole);

        public bool Concerns(EventData happened) =>
            (happened.Device == Whole || (_uuid is not null && _uuid == Nvml.UuidOf(happened.Device)))
            && (Slice == AnySlice || happened.Slice == AnySlice || happened.Slice == Slice);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Utilization
    {
        public uint Gpu;
        public uint Memory;
    }

    /// <summary>nvmlEventData_t as nvmlEventSetWait_v2 fills it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct EventData
    {
        public nint Device;
        public ulong Type;
        public ulong Data;
        public uint Slice;
        public uint ComputeSlice;
    }

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceGetTotalEccErrors")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetTotalEccErrors(nint device, int type, int counter, out ulong count);

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceGetUtilizationRates")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetUtilizationRates(nint device, out Utilization rates);

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceGetRemappedRows")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetRemappedRows(
        nint device, out uint corrected, out uint uncorrected, out uint pending, out uint failed);

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceGetRetiredPagesPendingStatus")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetRetiredPagesPendingStatus(nint device, out int pending);

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceGetDeviceHandleFromMigDeviceHandle")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetDeviceHandleFromMigDeviceHandle(nint slice, out nint device);

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceGetGpuInstanceId")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetGpuInstanceId(nint slice, out uint instance);

    [DllImport(Nvml.Library, EntryPoint = "nvmlEventSetCreate")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EventSetCreate(out nint events);

    [DllImport(Nvml.Library, EntryPoint = "nvmlDeviceRegisterEvents")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceRegisterEvents(nint device, ulong types, nint events);

    [DllImport(Nvml.Library, EntryPoint = "nvmlEventSetWait_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EventSetWait(nint events, out EventData data, uint milliseconds);
}
