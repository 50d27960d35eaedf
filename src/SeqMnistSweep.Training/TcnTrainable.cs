using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using SeqMnistSweep.Trainables;
using SeqMnistSweep.Training.Datasets;
using SeqMnistSweep.Training.Native;
using SeqMnistSweep.Trials;
using TorchSharp;

namespace SeqMnistSweep.Training;

/// <summary>
/// Trains the notebook's temporal convolutional network. One attempt at a time, on the calling thread; a process may run any
/// number after each other. On the CPU an interrupted and resumed trial ends bit for bit as one never interrupted.
/// </summary>
public sealed class TcnTrainable : ITrainable
{
    private readonly Func<string?, string, Dataset> _load;
    private readonly TimeProvider _time;

    /// <summary>A store keeps its last dataset, so a warm runner reads it once.</summary>
    private (string? Folder, DatasetStore Store)? _store;

    /// <param name="load">Loads a dataset by data folder and name; null takes the usual places (<see cref="DatasetStore"/>).</param>
    public TcnTrainable(Func<string?, string, Dataset>? load = null, TimeProvider? time = null)
    {
        _load = load ?? LoadFromStore;
        _time = time ?? TimeProvider.System;
    }

    /// <exception cref="TorchLoadException">libtorch does not load.</exception>
    /// <exception cref="Checkpoints.CheckpointException">The checkpoint to resume from is missing, damaged or of another network.</exception>
    public TrialResult Run(TrialAssignment assignment, ITrialSession session)
    {
        TorchLibrary.Load();
        try
        {
            return Train(assignment, session);
        }
        catch (Exception e) when (e is InvalidSettingsException or DatasetException)
        {
            return new TrialResult.Failed(FailureCause.Invalid, e.Message);
        }
        catch (Exception e) when (e is OutOfMemoryException || (e is ExternalException && SaysOutOfMemory(e.Message)))
        {
            return new TrialResult.Failed(FailureCause.OutOfMemory, e.Message.Split('\n')[0]);
        }
        finally
        {
            GlibcAllocator.ReturnFreedMemory();
        }
    }

    /// <summary>The allocators' own words: CUDA's "out of memory", the CPU's "can't allocate memory" and "not enough memory".</summary>
    internal static bool SaysOutOfMemory(string message) =>
        message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || message.Contains("can't allocate memory", StringComparison.Ordinal)
        || message.Contains("not enough memory", StringComparison.Ordinal);

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
        var device = Device(assignment.Device);
        var compute = Precision.Prepare(settings.Precision, device);
        if (torch.get_num_threads() != assignment.Threads)
        {
            torch.set_num_threads(assignment.Threads);
        }

        var dataset = _load(assignment.DataFolder, settings.Dataset);
        if (assignment.DatasetDigests.TryGetValue(settings.Dataset, out var digest) && digest != dataset.Digest)
        {
            throw new InvalidSettingsException($"the sweep was begun with {settings.Dataset} of digest {digest}; the one found here has {dataset.Digest}");
        }

        using var data = new TrialData(settings, dataset, device);
        using var model = new TcnModel(settings, assignment.Seed, device, compute, assignment.Threads);
        using var trial = new TcnTrial(settings, assignment, session, data, model, Facts(settings, assignment, dataset, model), _time);
        return trial.Run();
    }

    private static torch.Device Device(string name)
    {
        if (name == "cpu")
        {
            return torch.CPU;
        }

        // Without its CUDA part TorchSharp would go looking for any libtorch_cuda of the system.
        return TorchLibrary.HasCuda && torch.cuda.is_available()
            ? torch.device(name)
            : throw new InvalidSettingsException($"the device is {name}, but this libtorch ({TorchLibrary.Folder}) finds no CUDA device; use --device cpu, or --libtorch DIR with a CUDA build");
    }

    private static ImmutableSortedDictionary<string, string> Facts(TcnSettings settings, TrialAssignment assignment, Dataset dataset, TcnModel model)
    {
        var version = Machine.ProgramVersion.Split('+', 2);
        return new Dictionary<string, string>
        {
            ["parameters"] = model.ParameterCount.ToString(CultureInfo.InvariantCulture),
            ["receptive_field"] = settings.ReceptiveField.ToString(CultureInfo.InvariantCulture),
            ["libtorch"] = torch.__version__,
            ["threads"] = assignment.Threads.ToString(CultureInfo.InvariantCulture),
            ["instruction_set"] = Machine.InstructionSet,
            ["device"] = assignment.Device,
            ["dataset"] = dataset.Name,
            ["dataset_digest"] = dataset.Digest,
            ["program_version"] = version[0],
            ["commit"] = version.Length > 1 ? version[1] : "unknown",
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
