using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>What a program started and nobody looks after any more, since the shell that does was killed with the program's group. It is
/// known by the attempt's words in its environment.</summary>
internal static class Strays
{
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
            var killed = Process.GetProcesses().ToList().FindAll(process => Kill(process, words));
            if (killed.Count == 0) return;
        }
    }

    private static byte[] Word(string name, string value) => Encoding.UTF8.GetBytes($"\0{name}={value}\0");

    private static bool Kill(Process process, byte[][] words)
    {
        using (process)
        {
            try
            {
                byte[] environment = [0, .. File.ReadAllBytes($"/proc/{process.Id}/environ")];
                if (!words.All(word => environment.AsSpan().IndexOf(word) >= 0)) return false;

                process.Kill();
                return true;
            }
            catch (Exception error) when (
                error is IOException or UnauthorizedAccessException or InvalidOperationException or Win32Exception)
            {
                return false; // it has gone, or is another user's
            }
        }
    }
}
