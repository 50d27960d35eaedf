using System.Runtime.InteropServices;
using System.Text;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>What a program started and nobody looks after any more, since the shell that does was killed with the program's group. It is
/// known by the attempt's words in its environment.</summary>
internal static class Strays
{
    private const int SigKill = 9;

    /// <summary>One that is being born while the others are killed is found at the next look.</summary>
    private const int MaxLooks = 20;

    public static void KillAll(TrialAssignment assignment)
    {
        byte[][] words =
        [
            Word("SEQSWEEP_CHECKPOINT_FOLDER", Path.GetFullPath(assignment.CheckpointFolder)),
            Word("SEQSWEEP_ATTEMPT", assignment.Attempt.ToString(CultureInfo.InvariantCulture)),
        ];
        for (var look = 0; look < MaxLooks; look++)
        {
            var found = Processes().Where(id => HasAll(id, words)).ToList();
            if (found.Count == 0) return;

            found.ForEach(id => _ = Signal(id, SigKill));
        }
    }

    private static byte[] Word(string name, string value) => Encoding.UTF8.GetBytes($"\0{name}={value}\0");

    private static IEnumerable<int> Processes() => Directory.Exists("/proc")
        ? Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Select(name => int.TryParse(name, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId)
        : [];

    private static bool HasAll(int process, byte[][] words)
    {
        try
        {
            byte[] environment = [0, .. File.ReadAllBytes($"/proc/{process}/environ")];
            return words.All(word => environment.AsSpan().IndexOf(word) >= 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // it has gone, or is another user's
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
