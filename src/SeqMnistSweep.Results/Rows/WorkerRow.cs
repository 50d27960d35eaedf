using Dapper;

namespace SeqMnistSweep.Results.Rows;

/// <summary>A row of the view <c>workers</c>.</summary>
/// <param name="Worker">Its name, unique in the cluster.</param>
/// <param name="Incarnation">This start of it: its silo's address.</param>
/// <param name="Device"><c>cpu</c>, or <c>cuda:N</c> with the GPU's name.</param>
/// <param name="Slots">Trials at the same time.</param>
/// <param name="State">Name of a <c>WorkerState</c> in lower case.</param>
/// <param name="Started">When this incarnation was first seen.</param>
/// <param name="Seen">When it was heard last: ISO 8601, UTC, with milliseconds.</param>
/// <param name="Tags">A JSON list.</param>
/// <param name="Version">The program's version there.</param>
/// <param name="AllowsPrograms">Whether it runs programs of users.</param>
/// <param name="DrainReason">Why somebody drains it; null while nobody does.</param>
/// <param name="DrainedBy">Who drains it; null while nobody does.</param>
[method: ExplicitConstructor]
public sealed record WorkerRow(
    string Worker, string Incarnation, string Device, long Slots, string State, string Started, string Seen, string Tags, string? Version,
    bool AllowsPrograms, string? DrainReason, string? DrainedBy);
