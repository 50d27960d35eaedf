using Microsoft.Extensions.Logging;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Grains;

internal sealed partial class SweepGrain
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: a decision could not be stored; the schedule is read again from the database.")]
    private partial void LogNotStored(Exception error, SweepId sweep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep}: checkpoint files that are no longer needed could not be deleted.")]
    private partial void LogNotCleanedUp(Exception error, SweepId sweep);
}
