using System.Runtime.InteropServices;
using SeqMnistSweep.Datasets;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Kernels;
using SeqMnistSweep.Training.Native;
using TorchSharp;

namespace SeqMnistSweep.Training;

/// <summary>Trains the notebook's temporal convolutional network. One attempt at a time, on the calling thread; a process may run any
/// number after each other. On the CPU a trial ends with the same bits whatever the processor and the number of threads, interrupted or
/// not.</summary>
/// <param name="load">Loads a dataset by data folder and name; null takes the usual places (<see cref="DatasetStore"/>).</param>
/// <param name="time">For epoch seconds and speed; null takes the system's.</param>
/// <param name="width">Of the vectors on the CPU; null takes the widest that it has.</param>
/// <param name="libtorch">The folder of the libtorch for GPUs; null as <see cref="TorchLibrary.Load"/> takes it.</param>
public sealed class TcnTrainable(
    Func<string?, string, Dataset>? load = null, TimeProvider? time = null, KernelWidth? width = null, string? libtorch = null)
    : ITrainable
{
    private readonly LaneKernels _kernels = width is null ? LaneKernels.Widest : LaneKernels.For(width);

    /// <summary>A store keeps its last dataset, so a warm runner reads it once.</summary>
    private (string? Folder, DatasetStore Store)? _store;

    /// <inheritdoc/>
    /// <exception cref="TorchLoadException">The device is a GPU and libtorch does not load.</exception>
    /// <exception cref="Checkpoints.CheckpointException">The checkpoint is missing, damaged or of another network.</exception>
    public TrialResult Run(TrialAssignment assignment, ITrialSession session)
    {
        try
        {
            return Train(assignment, session);
        }
        catch (Exception e) when (e is InvalidSettingsException or DatasetException)
        {
            return new TrialResult.Failed(FailureCause.Invalid, e.Message);
        }
        catch (DeviceException e)
        {
            return new TrialResult.Failed(FailureCause.Device, e.Message);
        }
        catch (Exception e) when (e is OutOfMemoryException || (e is ExternalException && AllocationFailure.Is(e.Message)))
        {
            return new TrialResult.Failed(FailureCause.OutOfMemory, e.Message.Split('\n')[0]);
        }
        finally
        {
            GlibcAllocator.ReturnFreedMemory();
        }
    }

    private Dataset LoadFromStore(string? folder, string name)
    {
        if (_store is not { } store || store.Folder != folder)
        {
            _store = store = (folder, new DatasetStore(folder));
        }

        return store.Store.Load(name);
    }

    private TrialResult Train(TrialAssignment assignment, ITrialSession session)
    {
        var settings = TcnSettings.From(assignment.Parameters);
        var onCpu = assignment.Device == "cpu";
        if (Precision.WhyNot(settings.Precision, onCuda: !onCpu) is { } reason) throw new InvalidSettingsException(reason);

        var dataset = load?.Invoke(assignment.DataFolder, settings.Dataset) ?? LoadFromStore(assignment.DataFolder, settings.Dataset);
        if (assignment.DatasetDigests.TryGetValue(settings.Dataset, out var digest) && digest != dataset.Digest)
        {
            throw new InvalidSettingsException(
                $"the sweep was begun with {settings.Dataset} of digest {digest}; the one found here has {dataset.Digest}");
        }

        var data = new TrialData(settings, dataset);
        using ITcnModel model = onCpu
            ? new CpuModel(settings, assignment.Seed, assignment.Threads, _kernels)
            : new TorchModel(settings, assignment.Seed, CudaDevice(assignment.Device), assignment.Threads);
        return new TcnTrial(settings, assignment, session, data, model, Facts(settings, assignment, dataset, model),
            time ?? TimeProvider.System).Run();
    }

    private torch.Device CudaDevice(string name)
    {
        TorchLibrary.Load(libtorch);

        // Without its CUDA part TorchSharp would go looking for any libtorch_cuda of the system.
        return TorchLibrary.HasCuda && torch.cuda.is_available()
            ? torch.device(name)
            : throw new DeviceException(
                $"the device is {name}, but this libtorch ({TorchLibrary.Folder}) finds no CUDA device; use --device cpu, or --libtorch "
                    + "DIR with a CUDA build");
    }

    private ImmutableSortedDictionary<string, string> Facts(
        TcnSettings settings, TrialAssignment assignment, Dataset dataset, ITcnModel model)
    {
        var version = Machine.ProgramVersion.Split('+', 2);
        var (key, value) = assignment.Device == "cpu" ? ("kernels", _kernels.Width.ToString()) : ("libtorch", TorchLibrary.Version);
        return new Dictionary<string, string>(assignment.Device == "cpu" ? [] : CudaDriver.Describe(0))
        {
            [key] = value,
            ["parameters"] = model.ParameterCount.ToString(CultureInfo.InvariantCulture),
            ["receptive_field"] = settings.ReceptiveField.ToString(CultureInfo.InvariantCulture),
            ["threads"] = assignment.Threads.ToString(CultureInfo.InvariantCulture),
            ["device"] = assignment.Device,
            ["dataset"] = dataset.Name,
            ["dataset_digest"] = dataset.Digest,
            ["program_version"] = version[0],
            ["commit"] = version.Length > 1 ? version[1] : "unknown",
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}

/// <summary>The device does not work.</summary>
internal sealed class DeviceException(string message) : Exception(message);
