using SeqMnistSweep.Files;

namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>The checkpoints, or the own files, of the attempts that this worker holds, on their way to the head or from it: a folder per sweep, in
/// it one per trial. Nothing in it outlives its attempt, for the head has it by then. Safe for use by several threads.</summary>
internal sealed class CheckpointSpool
{
    /// <summary>Lies in a folder that is a spool: what is in any other belongs to somebody else.</summary>
    private const string Mark = ".spool";

    private readonly object _gate = new();
    private readonly string _folder;
    private readonly Dictionary<TrialId, int> _holds = [];
    private readonly Dictionary<TrialId, string> _uploaded = [];
    private readonly bool _isOurs;

    private CheckpointSpool(string folder, bool isOurs) => (_folder, _isOurs) = (folder, isOurs);

    /// <summary>Empties the folder: nobody holds an attempt when a worker starts.</summary>
    /// <param name="isStrange">Told of a folder that holds files but is no spool: nothing is deleted in it.</param>
    public static CheckpointSpool Open(string folder, Action<string> isStrange)
    {
        var mark = Path.Combine(folder, Mark);
        PrivateFile.CreateMissingFolders(folder);
        if (!File.Exists(mark) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            isStrange(folder);
            return new CheckpointSpool(folder, isOurs: false);
        }

        PrivateFile.Open(mark, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        foreach (var sweep in Directory.EnumerateDirectories(folder).ToList())
        {
            Delete(() => Directory.Delete(sweep, recursive: true));
        }

        return new CheckpointSpool(folder, isOurs: true);
    }

    public string PathOf(TrialId trial, CheckpointFile checkpoint) => Path.Combine(FolderOf(trial), checkpoint.FileName);

    public void Hold(TrialId trial)
    {
        lock (_gate)
        {
            _holds[trial] = _holds.GetValueOrDefault(trial) + 1;
        }
    }

    /// <summary>An attempt has ended and told everything; when it was the trial's last one here, its folder goes.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool Release(TrialId trial)
    {
        lock (_gate)
        {
            if (--_holds[trial] > 0) return false;

            _holds.Remove(trial);
            _uploaded.Remove(trial);
            if (_isOurs && Directory.Exists(FolderOf(trial)))
            {
                // Out of the way at once, for the trial may come back; gigabytes take their time to delete.
                var away = Path.Combine(_folder, $"{Mark}-{Guid.NewGuid():N}");
                Delete(() => Directory.Move(FolderOf(trial), away));
                _ = Task.Run(() => Delete(() => Directory.Delete(away, recursive: true)));
            }

            return true;
        }
    }

    /// <summary>The head has this one: the one that it had before is not needed here any more.</summary>
    public void Supersede(TrialId trial, CheckpointFile uploaded)
    {
        lock (_gate)
        {
            if (_isOurs && _uploaded.TryGetValue(trial, out var before) && before != uploaded.FileName)
            {
                Delete(() => File.Delete(Path.Combine(FolderOf(trial), before)));
            }

            _uploaded[trial] = uploaded.FileName;
        }
    }

    private string FolderOf(TrialId trial) => Path.Combine(_folder, trial.Sweep.Value, $"{trial.Number}");

    private static void Delete(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What stays takes room, nothing else; the next start tries again.
        }
    }
}
