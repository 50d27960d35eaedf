using System.Collections.Concurrent;
using System.Text;
using SeqMnistSweep.Files;
using SeqMnistSweep.Worker.Core;

namespace SeqMnistSweep.Worker.TrialInputs;

/// <summary>The folder of a trial's own files, and its log, between this worker and the head. The head has them when an attempt ends; the
/// next attempt begins with what is there. Safe for use by several threads.</summary>
/// <param name="refused">Told of a trial whose files the head does not take, and why.</param>
internal sealed class TrialFiles(WorkerOptions options, HeadFiles head, Action<TrialId, string> refused) : ITrialFiles
{
    private readonly ConcurrentDictionary<TrialId, State> _states = [];

    public bool Has(TrialId trial) => Directory.Exists(FolderOf(trial)) || TrialLog.Of(options, trial, after: 0).Any(IsWritten);

    /// <summary>Brings here what earlier attempts have written elsewhere. Where the folder is here, it is as new.</summary>
    public async Task FetchAsync(TrialGrant grant, CancellationToken cancellation)
    {
        var folder = FolderOf(grant.Trial);
        if (grant.Attempt == 1 || Directory.Exists(folder)) return;

        var (kept, _) = await head.ReadAsync<IReadOnlyList<OutputFile>>($"{PathOf(grant.Trial)}/files", cancellation);
        foreach (var file in kept ?? [])
        {
            // The head may name any file.
            if (OutputFolder.NameProblem(file.Name) is null)
            {
                var path = $"{PathOf(grant.Trial)}/files/{Escaped(file.Name)}";
                await head.DownloadAsync(path, Path.Combine(folder, file.Name), digest: null, file.Bytes, cancellation);
            }
        }

        _states[grant.Trial] = new State(OutputFolder.List(folder));
    }

    public async Task SendAsync(TrialGrant grant, bool isLast, CancellationToken cancellation)
    {
        var state = _states.GetOrAdd(grant.Trial, _ => new State([]));
        var complaints = new List<string>();
        await SendFilesAsync(grant.Trial, $"{AttemptOf(grant.Trial, grant.Attempt)}/files", state, complaints.Add, cancellation);
        Say(TrialLog.PathOf(options, grant.Trial, grant.Attempt), complaints.Where(state.Complaints.Add));
        if (isLast)
        {
            await SendLogsAsync(grant, cancellation);
        }
    }

    /// <summary>Nothing of the trial is here any more.</summary>
    public void Forget(TrialId trial) => _states.TryRemove(trial, out _);

    private async Task SendFilesAsync(TrialId trial, string path, State state, Action<string> complain, CancellationToken cancellation)
    {
        var files = OutputFolder.List(FolderOf(trial), (name, problem) => complain($"'{name}' is not kept: {problem}"));
        foreach (var gone in state.Sent.Keys.Except(files.Select(file => file.Name)).ToList())
        {
            await head.DeleteAsync($"{path}/{Escaped(gone)}", cancellation);
            state.Sent.TryRemove(gone, out _);
        }

        var (bytes, count) = (0L, 0);
        foreach (var file in files)
        {
            if (OutputFolder.WhyTooMuch(file.Bytes, count, bytes) is { } problem)
            {
                complain($"'{file.Name}' is not kept: {problem}");
                continue;
            }

            (bytes, count) = (bytes + file.Bytes, count + 1);
            if (state.Sent.GetValueOrDefault(file.Name) == file) continue;

            var here = Path.Combine(FolderOf(trial), file.Name);
            if (await head.UploadAsync($"{path}/{Escaped(file.Name)}", here, cancellation) is { } refusal)
            {
                if (refusal.IsOfAll)
                {
                    refused(trial, refusal.Reason);
                    return;
                }

                complain($"'{file.Name}' is not kept: {refusal.Reason}");
            }
            else
            {
                state.Sent[file.Name] = file;
            }
        }
    }

    /// <summary>That of this attempt, and of earlier ones that could not be brought: their worker was killed.</summary>
    private async Task SendLogsAsync(TrialGrant grant, CancellationToken cancellation)
    {
        foreach (var log in TrialLog.Of(options, grant.Trial, after: 0).Where(IsWritten))
        {
            var attempt = LogFile.AttemptOf(new FileInfo(log));
            if (attempt > grant.Attempt) return;

            if (await head.UploadAsync($"{AttemptOf(grant.Trial, attempt)}/log", log, cancellation) is { } refusal)
            {
                refused(grant.Trial, refusal.Reason);
            }
            else
            {
                File.Delete(log);
            }
        }
    }

    private static bool IsWritten(string log) => new FileInfo(log) is { Exists: true, Length: > 0 };

    /// <summary>The runner may still have the log open.</summary>
    private static void Say(string log, IEnumerable<string> complaints)
    {
        const int maxTold = 5;
        var told = complaints.ToList();
        if (told.Count == 0) return;

        var more = told.Count > maxTold ? $"seqsweep: and {told.Count - maxTold} more\n" : "";
        PrivateFile.CreateMissingFolders(Path.GetDirectoryName(log)!);
        using var file = PrivateFile.Open(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(Encoding.UTF8.GetBytes(string.Concat(told.Take(maxTold).Select(line => $"seqsweep: the file {line}\n")) + more));
    }

    private static string Escaped(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    private static string AttemptOf(TrialId trial, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{PathOf(trial)}/attempts/{attempt}");

    private static string PathOf(TrialId trial) =>
        string.Create(CultureInfo.InvariantCulture, $"api/v1/trials/{trial.Sweep}/{trial.Number}");

    private string FolderOf(TrialId trial) => options.OutputFolderOf(trial);

    /// <param name="known">The files as the head has them.</param>
    private sealed class State(IEnumerable<OutputFile> known)
    {
        public ConcurrentDictionary<string, OutputFile> Sent { get; } =
            new(known.Select(file => KeyValuePair.Create(file.Name, file)), StringComparer.Ordinal);

        public HashSet<string> Complaints { get; } = [];
    }
}
