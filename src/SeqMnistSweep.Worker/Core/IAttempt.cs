namespace SeqMnistSweep.Worker.Core;

/// <summary>A granted attempt as <see cref="WorkerCore"/> drives it. Every call returns at once and may come from any thread.</summary>
internal interface IAttempt
{
    /// <summary>The newest; null before the first.</summary>
    TrialProgress? Progress { get; }

    /// <summary>The most bytes of its GPUs that it had so far; null where nobody knows.</summary>
    long? DeviceMemory => null;

    /// <summary>The slot is its own from now on, and it begins. It gives the slot back by <see cref="WorkerCore.Leave"/>.</summary>
    void Enter(int slot);

    /// <summary>The verdict on the report of a rung.</summary>
    void Decide(int epoch, Verdict verdict);

    /// <summary>Asks for a checkpoint and the slot; the trial goes on later. Only while it is in a slot; may come more than once.</summary>
    void GiveBack();

    /// <summary>Ends it, because the trial is no longer this worker's. Only while it is in a slot; may come more than once.</summary>
    void Stop(string reason);

    /// <summary>The last call: the head has acknowledged its last event, or does not want to hear of it.</summary>
    void Forget();
}
