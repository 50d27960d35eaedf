using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SeqMnistSweep.Files;
using TorchSharp;

namespace SeqMnistSweep.Training.Native;

/// <summary>Loads libtorch and TorchSharp's library over it, once per process and before anything of TorchSharp is called. Everything is
/// loaded by full path, so that another libtorch of the system (Debian's python3-torch puts 1.13 where the loader looks) is never taken;
/// and a failure ends here with a reason, before TorchSharp's own search copies half a gigabyte into the program's folder.</summary>
public static class TorchLibrary
{
    /// <summary>Names the folder of an existing libtorch when <c>--libtorch</c> does not.</summary>
    public const string FolderVariable = "SEQSWEEP_LIBTORCH";

    /// <summary>In this order each finds the ones it needs loaded already. CUDA's are there in CUDA builds only.</summary>
    private static readonly (string Pattern, bool Required)[] Parts =
    [
        ("libgomp*.so*", false), ("libc10.so", true), ("libc10_cuda.so", false), ("libtorch_cpu.so", true), ("libtorch_cuda.so", false),
        ("libtorch.so", true),
    ];

    private static readonly Lock Gate = new();
    private static nint _shim;

    /// <summary>Whether the loaded libtorch can use CUDA; there may still be no device.</summary>
    public static bool HasCuda => Folder is not null && File.Exists(Path.Combine(Folder, "libtorch_cuda.so"));

    /// <summary>Of the loaded libtorch, by its own word: TorchSharp's constant is that of the one it was built with.</summary>
    public static string Version
    {
        get
        {
            if (Folder is null || !NativeLibrary.TryLoad(Path.Combine(Folder, "libtorch_cpu.so"), out var library)
                || !NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var address))
            {
                return torch.__version__;
            }

            // The bytes of a number: major, minor, patch.
            var version = Marshal.GetDelegateForFunctionPointer<AbiVersion>(address)();
            return string.Create(CultureInfo.InvariantCulture, $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}");
        }
    }

    private delegate ulong AbiVersion();

    /// <summary>Where the loaded libtorch is; null before <see cref="Load"/>, and on systems where TorchSharp finds it itself.</summary>
    public static string? Folder { get; private set; }

    /// <summary>Loads libtorch. Later calls do nothing.</summary>
    /// <param name="libtorchFolder">The folder with libtorch.so; null takes SEQSWEEP_LIBTORCH, or else the libtorch that came with the
    /// program.</param>
    /// <exception cref="TorchLoadException">It is not there, does not load, or another one was loaded already.</exception>
    public static void Load(string? libtorchFolder = null)
    {
        lock (Gate)
        {
            if (_shim != 0)
            {
                if (libtorchFolder is null || Folder == Path.GetFullPath(libtorchFolder)) return;

                throw new TorchLoadException(
                    $"libtorch is loaded from {Folder} already and cannot be exchanged for {libtorchFolder} in the same process.");
            }

            if (!OperatingSystem.IsLinux())
            {
                // TorchSharp's own search is right where libraries carry no versions.
                torch.InitializeDeviceType(DeviceType.CPU);
                return;
            }

            var shim = Find(ShimCopy.FileName, ProgramFolders())
                ?? throw new TorchLoadException(
                    $"{ShimCopy.FileName}, a part of this program, is missing from {AppContext.BaseDirectory}. Install the program again.");
            var folder = LibtorchFolder(libtorchFolder);
            GlibcAllocator.KeepFreedMemory();
            HiddenCaches.Heed();
            LoadParts(folder);
            _shim = LoadShim(shim, folder);
            Folder = folder;
        }
    }

    // A resolver is asked only after the normal search failed, so it costs nothing on systems new enough.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "TorchSharp must find its library, whoever touches it first.")]
    internal static void Hook() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
    {
        if (name != "LibTorchSharp" || !OperatingSystem.IsLinux()) return 0;

        Load();
        return _shim;
    };

    /// <summary>Where the program keeps its native libraries: the host's list (which covers single files and runtimes/RID/native), then the
    /// program's folder.</summary>
    internal static IEnumerable<string> ProgramFolders() =>
        ((AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"));

    private static string LibtorchFolder(string? wanted)
    {
        var source = string.IsNullOrEmpty(wanted) ? FolderVariable : "--libtorch";
        wanted = string.IsNullOrEmpty(wanted) ? Environment.GetEnvironmentVariable(FolderVariable) : wanted;
        if (!string.IsNullOrEmpty(wanted))
        {
            var folder = Path.GetFullPath(wanted);
            return File.Exists(Path.Combine(folder, "libtorch_cpu.so"))
                ? folder
                : throw new TorchLoadException(
                    $"{source} names {folder}, which holds no libtorch_cpu.so. Name the lib folder of libtorch 2.10, for example "
                        + ".../torch/lib of a Python installation.");
        }

        return Path.GetDirectoryName(Find("libtorch_cpu.so", ProgramFolders()))
            ?? throw new TorchLoadException(
                "This build comes without libtorch. Name the folder that holds libtorch_cpu.so (2.10) with --libtorch DIR or "
                    + $"{FolderVariable}, or use a build with TorchBackend=cpu.");
    }

    private static void LoadParts(string folder)
    {
        foreach (var (pattern, required) in Parts)
        {
            var files = Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).ToList();
            if (required && files.Count == 0)
            {
                throw new TorchLoadException($"{folder} holds no {pattern}. Name the lib folder of a whole libtorch 2.10.");
            }

            foreach (var file in files)
            {
                try
                {
                    NativeLibrary.Load(file);
                }
                catch (DllNotFoundException e)
                {
                    throw new TorchLoadException(
                        $"{file} does not load: {Reason(e)} Install what it names, or name another libtorch with --libtorch DIR.", e);
                }
            }
        }
    }

    private static nint LoadShim(string path, string folder)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException normal)
        {
            try
            {
                return ShimCopy.Load(path, UserFolders.Cache(Environment.GetEnvironmentVariable));
            }
            catch (InvalidDataException e)
            {
                throw new TorchLoadException(
                    $"{path} does not load: {Reason(normal)} It cannot be adapted to this system, for {e.Message}. Use a system with GCC "
                        + "13's libstdc++ (Debian 13, Ubuntu 24.04) or newer.",
                    normal);
            }
            catch (Exception e) when (e is DllNotFoundException or IOException or UnauthorizedAccessException)
            {
                throw new TorchLoadException(
                    ProgramFolders().Contains(folder)
                        ? $"{path} does not load: {Reason(normal)} A copy adapted to this system does not load either: {Reason(e)}"
                        : $"the libtorch in {folder} does not fit this program, which needs libtorch 2.10: {Reason(e)} Name the lib "
                            + $"folder of one, or leave out --libtorch and {FolderVariable}.",
                    e);
            }
        }
    }

    private static string? Find(string file, IEnumerable<string> folders) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    /// <summary>The line of the dynamic loader that names the cause; .NET puts advice and every path it tried around it.</summary>
    private static string Reason(Exception e)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(
            text => text.Contains("version `", StringComparison.Ordinal) || text.Contains("undefined symbol", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(text => text.StartsWith('/') || text.StartsWith("lib", StringComparison.Ordinal))
            ?? lines[0];
        return line.EndsWith('.') ? line : line + ".";
    }
}

/// <summary>libtorch could not be loaded.</summary>
/// <param name="message">Says why and what to do about it, for the user.</param>
/// <param name="cause">What was caught; null when nothing was.</param>
public sealed class TorchLoadException(string message, Exception? cause = null) : Exception(message, cause);
