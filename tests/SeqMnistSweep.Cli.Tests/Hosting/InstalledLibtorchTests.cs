using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Hosting;

namespace SeqMnistSweep.Cli.Tests.Hosting;

/// <summary><c>--libtorch auto</c> takes the libtorch of a PyTorch whose version fits, and says what there is where none does.</summary>
public sealed class InstalledLibtorchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seqsweep-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_first_of_the_right_version_is_taken_and_one_with_CUDA_before_others()
    {
        var (old, plain, cuda) = (Package("old", "1.13.0a0"), Package("plain", "2.10.0+cpu"), Package("cuda", "2.10.1+cu128", "libtorch_cuda.so"));
        Assert.Equal(Path.Combine(cuda, "lib"), InstalledLibtorch.Choose([old, plain, cuda]));
        Assert.Equal(Path.Combine(plain, "lib"), InstalledLibtorch.Choose([old, Path.Combine(_folder, "none"), plain]));
    }

    [Theory]
    [InlineData("2.11.0+cu130")]
    [InlineData("2.1.0")]
    [InlineData("2.100.0")]
    public void Another_version_is_refused_by_its_number_and_its_folder(string version)
    {
        var package = Package("torch", version);
        var error = Assert.Throws<CommandError>(() => InstalledLibtorch.Choose([package, package]));
        Assert.Equal($"--libtorch auto finds PyTorch {version} in {package}/lib, and needs 2.10", error.Message);
        Assert.Equal($"pip install torch==2.10.*, or try one all the same: --libtorch {package}/lib", error.Hint);
    }

    [Fact]
    public void One_that_is_not_whole_is_none()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "torch"));
        var error = Assert.Throws<CommandError>(() => InstalledLibtorch.Choose([Path.Combine(_folder, "torch")]));
        Assert.StartsWith("--libtorch auto finds no PyTorch: neither python3 nor the usual folders", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_found_in_a_virtual_environment_by_the_option_or_the_variable()
    {
        var site = Path.Combine(_folder, "venv", "lib", "python3.12", "site-packages");
        Package(Path.Combine(site, "torch"), "2.10.0+cu128", "libtorch_cuda.so");
        string? Variable(string name, bool says) => name == "VIRTUAL_ENV" ? Path.Combine(_folder, "venv") : says && name == "SEQSWEEP_LIBTORCH" ? "auto" : null;
        Assert.Equal(Path.Combine(site, "torch", "lib"), InstalledLibtorch.FolderOf("auto", _folder, name => Variable(name, false)));
        Assert.Equal(Path.Combine(site, "torch", "lib"), InstalledLibtorch.FolderOf(null, _folder, name => Variable(name, true)));
        Assert.Null(InstalledLibtorch.FolderOf(null, _folder, name => Variable(name, false)));
        Assert.Equal(Path.Combine(_folder, "lib"), InstalledLibtorch.FolderOf("lib", _folder, _ => "auto"));
    }

    [Fact]
    public void What_is_asked_for_is_what_TorchSharp_was_built_for() =>
        Assert.Contains($"\"libtorch-cpu-linux-x64\" Version=\"{InstalledLibtorch.Fitting}.", RepositoryFiles.Read("src", "Directory.Packages.props"), StringComparison.Ordinal);

    /// <summary>As pip leaves it.</summary>
    private string Package(string name, string version, params string[] more)
    {
        var package = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.Combine(package, "lib"));
        File.WriteAllText(Path.Combine(package, "version.py"), $"from typing import Optional\n\n__all__ = ['__version__']\n__version__ = '{version}'\ndebug = False\n");
        foreach (var file in (string[])["libtorch_cpu.so", .. more])
        {
            File.WriteAllText(Path.Combine(package, "lib", file), "");
        }

        return package;
    }
}
