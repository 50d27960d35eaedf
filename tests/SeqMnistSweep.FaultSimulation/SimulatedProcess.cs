namespace SeqMnistSweep.FaultSimulation;

/// <summary>A process that can be frozen, killed and started again. What it was about to do dies with it.</summary>
internal abstract class SimulatedProcess(SimulatedTime time)
{
    private int _life;
    private long _frozenUntil;

    public bool IsAlive { get; private set; }

    /// <summary>How many times it has started.</summary>
    public int Starts { get; private set; }

    protected SimulatedTime Time => time;

    public void Freeze(long milliseconds) => _frozenUntil = Math.Max(_frozenUntil, time.Now + milliseconds);

    /// <summary>Happens in this process, later when it is frozen then, not at all when it has ended by then.</summary>
    public void After(long milliseconds, Action happens)
    {
        var life = _life;
        time.After(milliseconds, () => Happen(life, happens));
    }

    /// <summary>Something from outside comes in.</summary>
    public void Receive(Action happens)
    {
        if (IsAlive)
        {
            Happen(_life, happens);
        }
    }

    protected void Begin()
    {
        IsAlive = true;
        Starts++;
    }

    protected void End()
    {
        IsAlive = false;
        _life++;
        _frozenUntil = 0;
    }

    private void Happen(int life, Action happens)
    {
        if (life != _life || !IsAlive)
        {
            return;
        }

        if (_frozenUntil > time.Now)
        {
            time.After(_frozenUntil - time.Now, () => Happen(life, happens));
            return;
        }

        happens();
    }
}
