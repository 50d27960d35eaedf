namespace SeqMnistSweep.Trials;

/// <summary>What a trial is for. In the database the names are written in lower case.</summary>
public enum TrialPurpose
{
    /// <summary>The search tries a configuration.</summary>
    Search,

    /// <summary>The same of the configuration of defaults, with which the others are compared.</summary>
    Baseline,

    /// <summary>One of the best configurations runs under a seed that the search did not use.</summary>
    Confirmation,
}
