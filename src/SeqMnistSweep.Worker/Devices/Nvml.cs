using System.Runtime.InteropServices;
using System.Text;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>NVIDIA's management library, which comes with the driver: what <c>nvidia-smi</c> prints, without a process for each
/// question.</summary>
internal static class Nvml
{
    internal const string Library = "libnvidia-ml.so.1";
    private const int MaxText = 128;

    /// <summary>Processes on one GPU.</summary>
    private const int MaxProcesses = 1024;

    private static readonly Lazy<bool> IsThere = new(Start);

    /// <summary>Whether the library is there and answers.</summary>
    public static bool Answers => IsThere.Value;

    /// <summary>The GPUs in the order of <c>nvidia-smi</c>, of those that are divided the slices; null where the library is missing or does
    /// not answer so.</summary>
    public static IReadOnlyList<Gpu>? List()
    {
        if (!IsThere.Value || DeviceGetCount(out var count) != 0) return null;

        var gpus = new List<Gpu>();
        for (var number = 0u; number < count; number++)
        {
            // One that fell off the bus has no handle; the others are there all the same.
            if (DeviceGetHandleByIndex(number, out var device) != 0 || Describe(device, (int)number) is not { } whole) continue;

            var slices = Slices(device, whole);
            gpus.AddRange(slices.Count > 0 ? slices : [whole]);
        }

        return [.. gpus.Select((gpu, place) => gpu with { Index = place })];
    }

    /// <summary>What is taken of the memory of these GPUs or slices together; null where it is not known.</summary>
    public static DeviceMemory? Memory(IReadOnlyCollection<string> uuids)
    {
        if (!IsThere.Value) return null;

        var (used, total) = (0L, 0L);
        foreach (var uuid in uuids)
        {
            if (DeviceGetHandleByUuid(uuid, out var device) != 0 || DeviceGetMemoryInfo(device, out var memory) != 0) return null;

            (used, total) = (used + (long)memory.Used, total + (long)memory.Total);
        }

        return total > 0 ? new DeviceMemory(used, total) : null;
    }

    /// <summary>What these processes have of the memory of these GPUs or slices together; null where it is not known, as in a container that
    /// numbers its processes in its own way.</summary>
    public static long? Memory(IReadOnlyCollection<string> uuids, IReadOnlyCollection<int> processes)
    {
        if (!IsThere.Value) return null;

        long? used = null;
        var found = new ProcessInfo[MaxProcesses];
        foreach (var uuid in uuids)
        {
            var count = (uint)found.Length;
            if (DeviceGetHandleByUuid(uuid, out var device) != 0 || !TryGetProcesses(device, ref count, found)) return null;

            foreach (var one in found.AsSpan(0, (int)Math.Min(count, found.Length)))
            {
                if (processes.Contains((int)one.Process) && one.Used != ulong.MaxValue)
                {
                    used = (used ?? 0) + (long)one.Used;
                }
            }
        }

        return used;
    }

    private static bool TryGetProcesses(nint device, ref uint count, ProcessInfo[] found)
    {
        try
        {
            return DeviceGetComputeRunningProcesses(device, ref count, found) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A driver older than 510.
            return false;
        }
    }

    private static bool Start()
    {
        try
        {
            return Init() == 0;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static Gpu? Describe(nint device, int index)
    {
        var name = new byte[MaxText];
        return UuidOf(device) is not { } uuid ? null
            : new Gpu(index, DeviceGetName(device, name, MaxText) == 0 ? Text(name) : "GPU", uuid)
            {
                Driver = DriverVersion(), Capability = Capability(device),
            };
    }

    /// <summary>Null where the driver does not say.</summary>
    public static string? UuidOf(nint device)
    {
        var uuid = new byte[MaxText];
        return DeviceGetUuid(device, uuid, MaxText) == 0 ? Text(uuid) : null;
    }

    private static string? DriverVersion()
    {
        try
        {
            var version = new byte[MaxText];
            return SystemGetDriverVersion(version, MaxText) == 0 ? Text(version) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static string? Capability(nint device)
    {
        try
        {
            return DeviceGetCudaComputeCapability(device, out var major, out var minor) == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}") : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static List<Gpu> Slices(nint device, Gpu whole)
    {
        var slices = new List<Gpu>();
        if (DeviceGetMigMode(device, out var mode, out _) != 0 || mode == 0 || DeviceGetMaxMigDeviceCount(device, out var most) != 0)
        {
            return slices;
        }

        for (var number = 0u; number < most; number++)
        {
            if (DeviceGetMigDeviceHandleByIndex(device, number, out var slice) == 0 && Describe(slice, 0) is { } found)
            {
                slices.Add(found with { Whole = whole, Capability = found.Capability ?? whole.Capability });
            }
        }

        return slices;
    }

    private static string Text(byte[] text) => Encoding.UTF8.GetString(text.AsSpan(0, Math.Max(0, Array.IndexOf(text, (byte)0))));

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ProcessInfo
    {
        public uint Process;
        public ulong Used;   // all bits where the driver does not say
        public uint Slice;
        public uint Computing;
    }

    [DllImport(Library, EntryPoint = "nvmlInit_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Init();

    [DllImport(Library, EntryPoint = "nvmlDeviceGetCount_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetCount(out uint count);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetHandleByIndex(uint index, out nint device);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetHandleByUUID")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int DeviceGetHandleByUuid([MarshalAs(UnmanagedType.LPUTF8Str)] string uuid, out nint device);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetName(nint device, byte[] name, uint length);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetUUID")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetUuid(nint device, byte[] uuid, uint length);

    [DllImport(Library, EntryPoint = "nvmlSystemGetDriverVersion")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SystemGetDriverVersion(byte[] version, uint length);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetCudaComputeCapability")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetCudaComputeCapability(nint device, out int major, out int minor);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetMemoryInfo(nint device, out MemoryInfo memory);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetComputeRunningProcesses_v3")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetComputeRunningProcesses(nint device, ref uint count, [Out] ProcessInfo[] found);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetMigMode")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetMigMode(nint device, out uint current, out uint pending);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetMaxMigDeviceCount")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetMaxMigDeviceCount(nint device, out uint count);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetMigDeviceHandleByIndex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetMigDeviceHandleByIndex(nint device, uint index, out nint slice);
}
