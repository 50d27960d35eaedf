namespace SeqMnistSweep.Grains;

/// <summary>By which a call through a head's gateway says who makes it: its entry in the request's context.</summary>
public static class CallerToken
{
    /// <summary>The entry's name; its value is the token that HTTP takes.</summary>
    public const string Name = "seqsweep.token";
}
