namespace SeqMnistSweep.Results;

/// <summary>Kinds in the view <c>events</c> that programs look for.</summary>
public static class EventKinds
{
    /// <summary>A transition of a trial or a sweep.</summary>
    public const string State = "state";

    /// <summary>What an adaptive sampler knew when it proposed a trial.</summary>
    public const string Proposed = "proposed";

    /// <summary>A worker gets no more trials.</summary>
    public const string Quarantined = "quarantined";

    /// <summary>The events without <see cref="Rows.EventRow.IsRoutine"/>, as a condition over the view <c>events</c>.</summary>
    internal const string News =
        "kind <> 'proposed' and not (kind = 'state' and trial is not null and (to_state = 'leased' or (to_state = 'running' and attempt is 1)))";
}
