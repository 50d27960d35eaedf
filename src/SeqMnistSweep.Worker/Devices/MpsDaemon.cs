using System.ComponentModel;
using System.Diagnostics;
using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>NVIDIA MPS for one GPU, by which kernels of several processes run at the same time: the control daemon, started by its worker for
/// its runners alone, watched, and stopped with it. Who starts it holds the GPU's lock, so what lies in the folder is of a worker that is
/// gone.</summary>
public sealed class MpsDaemon : IAsyncDisposable
{
    /// <summary>NVIDIA's control program; it is the daemon too.</summary>
    public const string Program = "nvidia-cuda-mps-control";

    /// <summary>Path of a socket, of which some characters are the daemon's.</summary>
    private const int MaxFolder = 90;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _gpu;
    private readonly Action<string> _say;
    private readonly SemaphoreSlim _one = new(1);
    private ITimer? _watch;
    private bool _saidDown;

    private MpsDaemon(string folder, string gpu, Action<string> say) => (Folder, _gpu, _say) = (folder, gpu, say);

    /// <summary>Of its pipes, for CUDA_MPS_PIPE_DIRECTORY; its logs lie in <c>log</c>.</summary>
    public string Folder { get; }

    /// <summary>Whether its process is there.</summary>
    public bool IsAlive => ProcessIn(Folder) is not null;

    /// <summary>What a worker's trials need of it.</summary>
    public MpsShare Share => new(Folder, () => IsAlive, LookAsync);

    /// <summary>Starts it, once what an earlier one left is gone.</summary>
    /// <param name="folder">Its own, on a short path.</param>
    /// <param name="gpu">UUID of a whole GPU.</param>
    /// <param name="say">Hears in a sentence that it does not start, has gone, or is back.</param>
    /// <returns>Null where there is no such program, or it does not start: trials then take turns on the GPU.</returns>
    public static async Task<MpsDaemon?> StartAsync(string folder, string gpu, Action<string> say, TimeProvider time)
    {
        if (folder.Length > MaxFolder)
        {
            say($"MPS is left out: the path of {folder} is too long for its sockets");
            return null;
        }

        var daemon = new MpsDaemon(folder, gpu, say);
        try
        {
            await daemon.CleanAsync();
            if (await daemon.StartAsync() is { } problem)
            {
                say($"MPS is left out: {problem}");
                await daemon.CleanAsync();
                return null;
            }
        }
        catch (Win32Exception)
        {
            // It is not on this machine, as on most.
            await daemon.CleanAsync();
            return null;
        }

        daemon._watch = time.CreateTimer(_ => _ = daemon.LookAsync(), null, Interval, Interval);
        return daemon;
    }

    /// <summary>Stops and removes what an earlier worker left.</summary>
    /// <inheritdoc cref="StartAsync(string, string, Action{string}, TimeProvider)" path="/param"/>
    public static ValueTask RemoveAsync(string folder, string gpu, Action<string> say) => new MpsDaemon(folder, gpu, say).DisposeAsync();

    /// <summary>Starts it again where it has gone.</summary>
    public async Task LookAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (_watch is null || IsAlive) return;

            await CleanAsync();
            var problem = await StartAsync();
            if (problem is null || !_saidDown)
            {
                _say(problem is null ? "MPS had gone and is started again" : $"MPS has gone and does not start: {problem}");
            }

            _saidDown = problem is not null;
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            // The next look may find it again.
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Stops it; what still uses it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _one.WaitAsync();
        try
        {
            _watch?.Dispose();
            _watch = null;
            await CleanAsync();
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            _say($"MPS is not stopped: {error.Message}");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <returns>Why it does not start; null when it has.</returns>
    private async Task<string?> StartAsync()
    {
        PrivateFile.CreateMissingFolders(Path.GetDirectoryName(Folder)!);
        PrivateFile.CreateFolder(Folder);
        PrivateFile.CreateFolder(Path.Combine(Folder, "log"));
        return await CallAsync("-d", null);
    }

    /// <summary>Stops what runs with this folder, and removes it.</summary>
    private async Task CleanAsync()
    {
        if (!Directory.Exists(Folder)) return;

        if (ProcessIn(Folder) is { } process)
        {
            await CallAsync(null, "quit -t 5\n");
            if (ProcessIn(Folder) == process)
            {
                Kill(process);
            }
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <returns>What is wrong; null for success.</returns>
    private async Task<string?> CallAsync(string? argument, string? input)
    {
        var info = new ProcessStartInfo(Program, argument is null ? [] : [argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["CUDA_VISIBLE_DEVICES"] = _gpu;
        info.Environment["CUDA_MPS_PIPE_DIRECTORY"] = Folder;
        info.Environment["CUDA_MPS_LOG_DIRECTORY"] = Path.Combine(Folder, "log");
        using var process = Process.Start(info)!;
        using var late = new CancellationTokenSource(Limit);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(late.Token);
            if (process.ExitCode == 0) return null;

            // The daemon holds the pipes of one that has started it: only of one that has failed they end.
            var error = await process.StandardError.ReadToEndAsync(late.Token);
            var said = (error + await process.StandardOutput.ReadToEndAsync(late.Token)).Trim();
            return said.Length > 0 ? said.Split('\n')[^1] : $"{Program} ended with code {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return $"{Program} did not answer in {Limit.TotalSeconds:0} s";
        }
        catch (IOException)
        {
            return $"{Program} ended before it was told anything";
        }
    }

    /// <summary>The daemon's number, as it writes it; null where it is gone, or another process has that number now.</summary>
    private static int? ProcessIn(string folder)
    {
        try
        {
            var written = File.ReadAllText(Path.Combine(folder, $"{Program}.pid")).Trim();
            return int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && File.ReadAllText($"/proc/{process}/cmdline").Contains(Program, StringComparison.Ordinal) ? process : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Kill(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            found.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has gone meanwhile.
        }
    }
}
