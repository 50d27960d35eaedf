using System.Runtime.InteropServices;

namespace SeqMnistSweep.Training.Native;

/// <summary>The driver of the GPUs, which knows why they cannot be used; libtorch only says that they cannot. It is asked in a process that
/// may be killed: the driver of a GPU that fell off the bus may never answer.</summary>
public static class CudaDriver
{
    private const string Library = "libcuda.so.1";
    private const int MajorCapability = 75;
    private const int MinorCapability = 76;

    /// <summary>Why so many GPUs cannot be used; null where the driver starts and shows them.</summary>
    /// <param name="gpus">That CUDA_VISIBLE_DEVICES names.</param>
    public static string? Problem(int gpus)
    {
        try
        {
            return Refusal("cuInit", Init(0)) ?? Refusal("cuDeviceGetCount", DeviceGetCount(out var count))
                ?? (count < gpus ? $"the driver shows {count} of {gpus} GPU(s) of CUDA_VISIBLE_DEVICES" : null);
        }
        catch (DllNotFoundException)
        {
            return $"{Library}, the library of the GPU driver, is not on this machine or not in this container";
        }
        catch (EntryPointNotFoundException error)
        {
            return $"{Library} is no GPU driver: {error.Message}";
        }
    }

    /// <summary>What the driver says of a GPU, for the facts of a trial; empty where it says nothing.</summary>
    /// <param name="gpu">Counted from 0 among those that this process sees.</param>
    public static IReadOnlyDictionary<string, string> Describe(int gpu)
    {
        var facts = new Dictionary<string, string>();
        try
        {
            if (Init(0) != 0 || DeviceGet(out var device, gpu) != 0) return facts;

            var name = new byte[256];
            if (DeviceGetName(name, name.Length, device) == 0)
            {
                facts["gpu"] = System.Text.Encoding.UTF8.GetString(name, 0, Array.IndexOf(name, (byte)0));
            }

            var id = new byte[16];
            if (DeviceGetUuid(id, device) == 0)
            {
                facts["gpu_uuid"] = "GPU-" + new Guid(id, bigEndian: true);
            }

            if (DeviceGetAttribute(out var major, MajorCapability, device) == 0
                && DeviceGetAttribute(out var minor, MinorCapability, device) == 0)
            {
                facts["gpu_capability"] = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}");
            }

            if (DriverGetVersion(out var version) == 0)
            {
                // 12080 is 12.8.
                facts["gpu_driver_cuda"] = string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
            }
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // No driver says nothing.
        }

        return facts;
    }

    private static string? Refusal(string call, int code)
    {
        if (code == 0) return null;

        var name = GetErrorName(code, out var text) == 0 ? Marshal.PtrToStringUTF8(text) : null;
        var words = GetErrorString(code, out text) == 0 ? Marshal.PtrToStringUTF8(text) : null;
        return $"{call} answers {name ?? code.ToString(CultureInfo.InvariantCulture)}{(words is null ? "" : ": " + words)}";
    }

    [DllImport(Library, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Init(uint flags);

    [DllImport(Library, EntryPoint = "cuDeviceGetCount")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetCount(out int count);

    [DllImport(Library, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGet(out int device, int ordinal);

    [DllImport(Library, EntryPoint = "cuDeviceGetName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetName(byte[] name, int length, int device);

    [DllImport(Library, EntryPoint = "cuDeviceGetUuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetUuid(byte[] uuid, int device);

    [DllImport(Library, EntryPoint = "cuDeviceGetAttribute")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetAttribute(out int value, int attribute, int device);

    [DllImport(Library, EntryPoint = "cuDriverGetVersion")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DriverGetVersion(out int version);

    [DllImport(Library, EntryPoint = "cuGetErrorName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetErrorName(int code, out nint name);

    [DllImport(Library, EntryPoint = "cuGetErrorString")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetErrorString(int code, out nint words);
}
