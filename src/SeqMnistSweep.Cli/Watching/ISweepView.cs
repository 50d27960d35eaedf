namespace SeqMnistSweep.Cli.Watching;

/// <summary>Shows a sweep under way: a panel that is redrawn on a terminal, plain lines elsewhere.</summary>
internal interface ISweepView
{
    /// <summary>Shows what <paramref name="watch"/> hands over, until it ends.</summary>
    Task ShowAsync(Func<Action<SweepStatus>, Task> watch);

    /// <summary>A message to the person, where it does not spoil what is shown.</summary>
    void Say(string message);
}
