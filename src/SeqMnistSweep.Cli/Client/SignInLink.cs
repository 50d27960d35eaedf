namespace SeqMnistSweep.Cli.Client;

/// <summary>The link that signs a browser in. Its code stands in the fragment, which browsers send to nobody.</summary>
internal static class SignInLink
{
    public static Uri Of(Uri head, LoginCode code) => Of(head, code.Code);

    public static Uri Of(Uri head, string code) => new(head, $"/#login={code}");
}
