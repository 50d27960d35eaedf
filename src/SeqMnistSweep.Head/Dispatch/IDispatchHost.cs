using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Head.Dispatch;

/// <summary>What a <see cref="Dispatcher"/> needs of its surroundings.</summary>
internal interface IDispatchHost
{
    ISweepDesk Desk(SweepId sweep);

    /// <summary>What is known of the worker has changed. A row that cannot be written now is written later.</summary>
    Task StoreWorker(string worker);

    void Joined(string worker, string device, int slots);

    /// <summary>Leases ended without a word: there is work for whoever has a slot.</summary>
    void Lost(int leases, IReadOnlyCollection<string> workers);

    /// <summary>Slots were asked for: their workers should hear it soon.</summary>
    void TakenBack();

    /// <summary>Told once, until it answers again.</summary>
    void DoesNotAnswer(Exception error, SweepId sweep);
}
