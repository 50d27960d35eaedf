namespace SeqMnistSweep.FaultSimulation;

/// <summary>A mistake that the simulated world makes on purpose, to show that the simulation would find it in the shipped classes.</summary>
internal enum PlantedFault
{
    None,

    /// <summary>Whatever a holder tells counts as told under the newest lease.</summary>
    FencingOff,

    /// <summary>Changes count as durable before they are.</summary>
    AcknowledgeBeforeCommit,

    /// <summary>A head that starts again counts leases from the beginning.</summary>
    LeaseNumbersStartAgain,

    /// <summary>What was sent once is not sent again.</summary>
    OutboxNotResent,

    /// <summary>A grant whose reply was lost is not given again.</summary>
    GrantLost,

    /// <summary>A file goes with the first checkpoint that is dropped of those that have its bytes.</summary>
    FilesDroppedByContent,

    /// <summary>What dead attempts reported counts beside what the next one reports.</summary>
    DeadReportsCount,
}
