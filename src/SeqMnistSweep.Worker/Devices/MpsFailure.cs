using System.Text.RegularExpressions;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>The end of an attempt by a failure of MPS: what one client does wrong ends the server, and so every client of it. Nobody can say
/// whose fault it was, so the attempt is lost and its trial is not to blame.</summary>
internal static partial class MpsFailure
{
    /// <summary>The same end, or a lost attempt.</summary>
    /// <param name="ended">Its last event.</param>
    /// <param name="isDown">Whether the daemon is gone.</param>
    public static AttemptEvent Judge(AttemptEvent ended, bool isDown) =>
        ended is AttemptEvent.Failed { Cause: FailureCause.Crashed or FailureCause.Device, Message: var message }
        && (isDown || Words().IsMatch(message ?? ""))
            ? new AttemptEvent.Killed($"MPS failed, which ends all that use its GPU; the trial said: {message}")
            : ended;

    /// <summary>Names and texts of CUDA's errors 805 to 809.</summary>
    [GeneratedRegex(@"CUDA_ERROR_MPS_|cudaErrorMps|\bMPS (client|server|control daemon)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Words();
}
