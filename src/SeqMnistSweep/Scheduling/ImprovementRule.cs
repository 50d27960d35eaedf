using SeqMnistSweep.Sampling;

namespace SeqMnistSweep.Scheduling;

/// <summary>Whether a search has little to hope for: of so many proposals in a row its model expected less improvement than
/// <c>limits.expected_improvement</c>. Proposals without a model in between (TPE's turns, enqueued ones) say nothing. The number is
/// stored, so a restart goes on with it.</summary>
internal sealed class ImprovementRule(SweepLedger ledger)
{
    /// <summary>One may be low by chance: the process changes with each result.</summary>
    public const int InARow = 5;

    private double? Limit => ledger.Definition.Limits.ExpectedImprovement;

    /// <summary>Stays so once it is, until <see cref="Restart"/>.</summary>
    public bool IsReached => Limit is not null && ledger.Sweep.LowImprovements >= InARow;

    /// <summary>For a person.</summary>
    public string Reason => string.Create(CultureInfo.InvariantCulture,
        $"expected_improvement ({Limit}) reached: {InARow} proposals in a row promised less of {ledger.Definition.Metric.Name}");

    /// <summary>Takes in what is proposed.</summary>
    public void Take(Proposal proposal)
    {
        if (Limit is not { } limit || proposal.ExpectedImprovement is not { } expected) return;

        var low = expected < limit ? ledger.Sweep.LowImprovements + 1 : 0;
        if (low != ledger.Sweep.LowImprovements)
        {
            ledger.Update(ledger.Sweep with { LowImprovements = low });
        }
    }

    /// <summary>Begins to count anew: somebody wants the search to go on, or has set the limit.</summary>
    public void Restart()
    {
        if (ledger.Sweep.LowImprovements != 0)
        {
            ledger.Update(ledger.Sweep with { LowImprovements = 0 });
        }
    }
}
