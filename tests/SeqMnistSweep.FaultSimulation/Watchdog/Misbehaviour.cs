namespace SeqMnistSweep.FaultSimulation.Watchdog;

/// <summary>What a program does that it should not.</summary>
internal enum Misbehaviour
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A signal ends it after an epoch, each time.</summary>
    EndsBySignal,

    /// <summary>It crashes before its first report.</summary>
    ExitsAtOnce,

    /// <summary>It ends at once, and says nothing.</summary>
    SaysNothing,

    /// <summary>It reports another metric.</summary>
    MisnamesMetric,

    /// <summary>It does not wait for verdicts.</summary>
    OutrunsVerdicts,

    /// <summary>It counts epochs from 0.</summary>
    CountsFromZero,

    /// <summary>It begins anew each time.</summary>
    LeavesNoCheckpoint,

    /// <summary>All of its checkpoints have the same bytes.</summary>
    RepeatsCheckpoint,

    /// <summary>Its metric is NaN.</summary>
    ReportsNaN,

    /// <summary>It tells of every epoch twice, with other values.</summary>
    ReportsTwice,

    /// <summary>Each of its attempts takes its worker down after an epoch.</summary>
    KillsItsWorker,
}

/// <summary>A mistake that is made on purpose, to show that the watchdog would find it.</summary>
internal enum PlantedStandstill
{
    None,

    /// <summary>No verdict reaches a program.</summary>
    VerdictsLost,

    /// <summary>A program that a signal ended is said to have given its slot back.</summary>
    KillsToldAsReleases,

    /// <summary>A sweep is said to have fewer trials than it will.</summary>
    PlanTooSmall,
}
