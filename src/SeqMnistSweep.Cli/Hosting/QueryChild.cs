using SeqMnistSweep.Head.Queries;

namespace SeqMnistSweep.Cli.Hosting;

/// <summary>The hidden process in which a head answers one query; it ends with its head.</summary>
internal static class QueryChild
{
    public const string Verb = "answer-query";

    /// <returns>The exit code.</returns>
    public static int Run()
    {
        using var input = new StreamReader(System.Console.OpenStandardInput());
        using var output = System.Console.OpenStandardOutput();
        var task = input.ReadLine();
        new Thread(() => EndWith(input)) { IsBackground = true }.Start();
        QueryAnswer.Write(task, output, TimeProvider.System);
        return ExitCodes.Ok;
    }

#pragma warning disable RS0030 // The query may be within a function of SQLite that nothing else leads out of.
    private static void EndWith(StreamReader head)
    {
        try
        {
            head.ReadToEnd();
        }
        catch (IOException)
        {
            // The head has gone either way.
        }

        Environment.Exit(ExitCodes.HeadUnreachable);
    }
#pragma warning restore RS0030
}
