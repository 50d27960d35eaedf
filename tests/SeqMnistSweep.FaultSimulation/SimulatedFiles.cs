using SeqMnistSweep.Trials;

namespace SeqMnistSweep.FaultSimulation;

/// <summary>The head's folder of checkpoints: survives every process.</summary>
internal sealed class SimulatedFiles
{
    private readonly HashSet<(TrialId Trial, string Digest)> _files = [];

    public void Put(TrialId trial, CheckpointFile file) => _files.Add((trial, file.Digest));

    public bool Has(TrialId trial, CheckpointFile file) => _files.Contains((trial, file.Digest));

    public void Drop(TrialId trial, string digest) => _files.Remove((trial, digest));
}
