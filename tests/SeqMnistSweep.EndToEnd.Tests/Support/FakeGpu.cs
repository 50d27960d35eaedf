using System.Diagnostics;

namespace SeqMnistSweep.EndToEnd.Tests.Support;

/// <summary>A machine with one GPU as far as its driver's libraries tell; nothing can compute on it. Programs see it under <see cref="Around"/>.</summary>
internal sealed class FakeGpu : IDisposable
{
    private const string AnyUuid = "GPU-11111111-2222-3333-4444-555555555555";

    /// <summary>Of its own: tests run beside each other, and one worker of an account has a GPU.</summary>
    public string Uuid { get; } = $"{AnyUuid[..^12]}{Guid.NewGuid():N}"[..AnyUuid.Length];

    /// <summary>The answer of cuInit is the number in a file.</summary>
    private const string Driver = """
        #include <stdio.h>
        #include <stdlib.h>
        int cuInit(unsigned flags) {
          const char *path = getenv("FAKE_CUDA");
          FILE *file = path ? fopen(path, "r") : NULL;
          int code = 0;
          if (file) { if (fscanf(file, "%d", &code) != 1) code = 0; fclose(file); }
          return code;
        }
        int cuDeviceGetCount(int *count) { *count = 1; return 0; }
        int cuGetErrorName(int code, const char **name) { *name = code == 803 ? "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH" : "CUDA_ERROR_UNKNOWN"; return 0; }
        int cuGetErrorString(int code, const char **words) { *words = "the fake says so"; return 0; }
        """;

    private const string Management = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        static int gpu;
        int nvmlInit_v2(void) { return 0; }
        int nvmlDeviceGetCount_v2(unsigned *count) { *count = 1; return 0; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = &gpu; return 0; }
        int nvmlDeviceGetHandleByUUID(const char *uuid, void **device) { *device = &gpu; return 0; }
        int nvmlDeviceGetName(void *device, char *name, unsigned length) { snprintf(name, length, "Fake H200"); return 0; }
        int nvmlSystemGetDriverVersion(char *version, unsigned length) { snprintf(version, length, "570.00"); return 0; }
        int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) { *major = 9; *minor = 0; return 0; }
        int nvmlDeviceGetUUID(void *device, char *uuid, unsigned length) { snprintf(uuid, length, "GPU-11111111-2222-3333-4444-555555555555"); return 0; }
        int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *memory) { memory[0] = 150000000000ULL; memory[1] = 149000000000ULL; memory[2] = 1000000000ULL; return 0; }
        struct process { unsigned number; unsigned long long used; unsigned slice, computing; };
        int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, struct process *found) {
          const char *answer = getenv("FAKE_CUDA");
          char path[4096];
          unsigned n = 0;
          snprintf(path, sizeof path, "%s.processes", answer ? answer : "");
          FILE *file = fopen(path, "r");
          while (file && n < *count && fscanf(file, "%u %llu", &found[n].number, &found[n].used) == 2) n++;
          if (file) fclose(file);
          *count = n;
          return 0;
        }
        int nvmlDeviceGetMigMode(void *device, unsigned *current, unsigned *pending) { return 3; }
        """;

    /// <summary>What an old driver lacks. Numbers are read from files; an error code (Xid) goes once to every process that waits for such.</summary>
    private const string Health = """

        static unsigned long long number(const char *what) {
          const char *answer = getenv("FAKE_CUDA");
          char path[4096];
          unsigned long long found = 0;
          snprintf(path, sizeof path, "%s.%s", answer ? answer : "", what);
          FILE *file = fopen(path, "r");
          if (file) { if (fscanf(file, "%llu", &found) != 1) found = 0; fclose(file); }
          return found;
        }
        struct event { void *device; unsigned long long type, data; unsigned slice, part; };
        static int set, isRegistered;
        static unsigned long long told;
        int nvmlEventSetCreate(void **events) { *events = &set; return 0; }
        int nvmlDeviceRegisterEvents(void *device, unsigned long long types, void *events) { isRegistered = device == &gpu && types == 8 && events == &set; return isRegistered ? 0 : 2; }
        int nvmlEventSetWait_v2(void *events, struct event *data, unsigned milliseconds) {
          unsigned long long code = number("xid");
          if (!isRegistered || events != &set || code == 0 || code == told) return 10;
          told = code;
          data->device = &gpu; data->type = 8; data->data = code; data->slice = data->part = 0xFFFFFFFF;
          return 0;
        }
        int nvmlDeviceGetTotalEccErrors(void *device, int type, int counter, unsigned long long *count) { if (type != 1 || counter != 0) return 2; *count = number("ecc"); return 0; }
        int nvmlDeviceGetUtilizationRates(void *device, unsigned *rates) { rates[0] = 87; rates[1] = 12; return 0; }
        int nvmlDeviceGetRemappedRows(void *device, unsigned *corrected, unsigned *uncorrected, unsigned *pending, unsigned *failed) { *corrected = *uncorrected = *failed = 0; *pending = number("rows"); return 0; }
        """;

    /// <summary>Of <c>nvidia-smi</c>.</summary>
    private const string Smi = """
        #!/bin/sh
        case $1 in
          -L) echo 'GPU 0: Fake H200 (UUID: GPU-11111111-2222-3333-4444-555555555555)' ;;
          --query-gpu=name,*) echo 'Fake H200, 570.00, 143051 MiB, Default, [N/A]' ;;
        esac
        """;

    public string Folder { get; } = Directory.CreateTempSubdirectory("seqsweep-gpu-").FullName;

    /// <param name="isOld">Its driver knows nothing of utilization, memory errors and Xids.</param>
    public FakeGpu(bool isOld = false)
    {
        Build("libcuda.so.1", Driver);
        Build("libnvidia-ml.so.1", Management + (isOld ? "" : Health));
        var smi = Path.Combine(Folder, "nvidia-smi");
        File.WriteAllText(smi, Smi.Replace(AnyUuid, Uuid, StringComparison.Ordinal));
        Run("chmod", "+x", smi);

        // What says that a libtorch was built for CUDA; with this driver nobody gets as far as to load it.
        Directory.CreateDirectory(Libtorch);
        File.WriteAllText(Path.Combine(Libtorch, "libtorch_cuda.so"), "");
        Answer(0);
    }

    /// <summary>A line for each process that has memory of it: its number, and bytes.</summary>
    public string Processes => Path.Combine(Folder, "answer.processes");

    public string Libtorch => Path.Combine(Folder, "libtorch");

    /// <summary>A command that becomes the program after it.</summary>
    public string[] Around => ["env", $"LD_LIBRARY_PATH={Folder}", $"PATH={Folder}:{Environment.GetEnvironmentVariable("PATH")}", $"FAKE_CUDA={Path.Combine(Folder, "answer")}"];

    /// <summary>Of cuInit from now on; 0 is success.</summary>
    public void Answer(int code) => Write("answer", code);

    /// <summary>The driver tells of an error, of another one than before.</summary>
    public void TellXid(int code) => Write("answer.xid", code);

    /// <summary>Memory errors that ECC did not correct, from now on.</summary>
    public void CountErrors(int count) => Write("answer.ecc", count);

    /// <summary>On the path of what runs under <see cref="Around"/>.</summary>
    public void AddProgram(string name, string script)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllText(file, script);
        Run("chmod", "+x", file);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string name, int number)
    {
        var next = Path.Combine(Folder, "next");
        File.WriteAllText(next, $"{number}");
        File.Move(next, Path.Combine(Folder, name), overwrite: true);
    }

    private void Build(string library, string source)
    {
        var file = Path.Combine(Folder, library + ".c");
        File.WriteAllText(file, source.Replace(AnyUuid, Uuid, StringComparison.Ordinal));
        Run("gcc", "-shared", "-fPIC", "-o", Path.Combine(Folder, library), file);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
