using System.Text.RegularExpressions;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Worker.Devices;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary><c>--libtorch auto</c>: the libtorch of a PyTorch that is installed, which brings CUDA with it.</summary>
internal static partial class InstalledLibtorch
{
    /// <summary>The value of <c>--libtorch</c> that asks for it.</summary>
    public const string Auto = "auto";

    /// <summary>Of libtorch, that TorchSharp was built for; with another one its functions may be missing or take other arguments.</summary>
    internal const string Fitting = "2.10";

    /// <summary>A folder that <c>--libtorch</c> names, or what <c>auto</c>, there or in SEQSWEEP_LIBTORCH, finds; null where neither is
    /// said.</summary>
    /// <param name="named">The value of the option.</param>
    /// <param name="folder">What a relative folder is relative to.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <exception cref="CommandError">There is no PyTorch, or none of the version that fits.</exception>
    public static string? FolderOf(string? named, string folder, Func<string, string?> variable) =>
        (named ?? variable(TorchLibrary.FolderVariable)) == Auto ? Choose([.. OfPython(), .. UsualFolders(variable)])
        : named is null ? null
        : Path.GetFullPath(named, folder);

    /// <summary>The first that fits, with CUDA before without.</summary>
    /// <param name="packages">Folders named <c>torch</c>, in the order in which they are looked at.</param>
    internal static string Choose(IReadOnlyList<string> packages)
    {
        var found = packages.Distinct().Where(package => File.Exists(Path.Combine(package, "lib", "libtorch_cpu.so")))
            .Select(package => (Folder: Path.Combine(package, "lib"), Version: VersionOf(package))).ToList();
        if (found.Count == 0)
        {
            throw new CommandError(
                ExitCodes.Usage,
                "--libtorch auto finds no PyTorch: neither python3 nor the usual folders (VIRTUAL_ENV, CONDA_PREFIX, ~/.local, "
                    + "/opt/conda, /usr/local) have one",
                $"pip install torch=={Fitting}.*, or name a folder: --libtorch DIR");
        }

        var seen = found.Select(one => $"PyTorch {one.Version ?? "of no known version"} in {one.Folder}");
        var fitting = found.Where(one => Fits(one.Version)).OrderBy(one => LibtorchFiles.HaveCuda(one.Folder) ? 0 : 1).ToList();
        return fitting.Count > 0
            ? fitting[0].Folder
            : throw new CommandError(
                ExitCodes.Usage,
                $"--libtorch auto finds {string.Join(", ", seen)}, and needs {Fitting}",
                $"pip install torch=={Fitting}.*, or try one all the same: --libtorch {found[0].Folder}");
    }

    private static bool Fits(string? version) => version == Fitting || version?.StartsWith(Fitting + ".", StringComparison.Ordinal) == true;

    /// <summary>As the package itself writes it down.</summary>
    private static string? VersionOf(string package)
    {
        var file = Path.Combine(package, "version.py");
        return File.Exists(file) && VersionLine().Match(File.ReadAllText(file)) is { Success: true } line ? line.Groups[1].Value : null;
    }

    /// <summary>Where <c>python3</c> has it, without loading it: that would take seconds.</summary>
    private static string[] OfPython()
    {
        const string ask = "import importlib.util as u; s = u.find_spec('torch'); "
            + "print(*(s.submodule_search_locations if s else []), sep='\\n')";
        return (ProgramAnswer.Of("python3", TimeSpan.FromSeconds(20), "-c", ask) ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static IEnumerable<string> UsualFolders(Func<string, string?> variable)
    {
        string?[] roots =
        [
            variable("VIRTUAL_ENV"), variable("CONDA_PREFIX"), variable("HOME") is { } home ? Path.Combine(home, ".local") : null,
            "/opt/conda", "/usr/local",
        ];
        return roots.OfType<string>().Where(Path.IsPathFullyQualified).SelectMany(PackagesIn);
    }

    private static IEnumerable<string> PackagesIn(string root)
    {
        var libraries = Path.Combine(root, "lib");
        try
        {
            return !Directory.Exists(libraries) ? []
                : [.. Directory.GetDirectories(libraries, "python3*").Order(StringComparer.Ordinal).SelectMany(python =>
                    (string[])[Path.Combine(python, "site-packages", "torch"), Path.Combine(python, "dist-packages", "torch")])];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    [GeneratedRegex("""^__version__\s*=\s*['"]([^'"]+)['"]""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex VersionLine();
}
