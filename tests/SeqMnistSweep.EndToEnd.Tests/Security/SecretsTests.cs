using System.Text;
using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests.Security;

/// <summary>S14: what is secret in the environment or a file of a start is seen on no command line, in no log and in no message.</summary>
public sealed class SecretsTests
{
    private const string Canary = "c4n4ry-s3cret";

    [Theory]
    [InlineData("variable")]
    [InlineData("file")]
    public async Task A_secret_address_of_a_webhook_that_fails_is_shown_nowhere(string way)
    {
        await using var fleet = new Fleet();
        var file = Path.Combine(fleet.Place.Folder, "webhook");
        await File.WriteAllTextAsync(file, $"http://user:{Canary}@127.0.0.1:1/services/{Canary}\n");
        fleet.Around = way == "variable" ? ["/bin/sh", "-c", $"SEQSWEEP_WEBHOOK=$(cat {file}) exec \"$@\"", "sh"] : [];
        await fleet.StartHeadAsync(way == "file" ? ["--webhook", $"@{file}"] : []);
        await fleet.StartWorkerAsync("a");
        await fleet.EndedAsync(await fleet.SubmitAsync("{name: one, program: noop, method: grid, parameters: {x0: {values: [1.0]}}}"));
        var logs = Path.Combine(fleet.Place.Folder, "head", ".seqsweep", "logs");
        await fleet.UntilAsync(() => Read(logs).Contains("webhook", StringComparison.OrdinalIgnoreCase), "a word of the webhook that fails");

        Assert.DoesNotContain(Canary, Read(logs), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, fleet.Head.Output + fleet.Head.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(CommandLines(), line => line.Contains(Canary, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--membership", "mysql://u:" + Canary + "@h/db")]
    [InlineData("--membership", "postgres//u:" + Canary + "@h/db")]
    [InlineData("--webhook", "https://u:" + Canary + "@hooks.example/x")]
    public async Task A_password_on_a_command_line_is_refused_and_not_repeated(string option, string value)
    {
        using var place = new SeqSweep();
        var ended = await place.RunAsync("head", "--http-port", "0", option, value);
        Assert.NotEqual(0, ended.Code);
        Assert.DoesNotContain(Canary, ended.Output + ended.Error, StringComparison.Ordinal);
        Assert.Contains("@FILE", ended.Error, StringComparison.Ordinal);
    }

    private static string Read(string folder) => Directory.Exists(folder)
        ? string.Concat(Directory.EnumerateFiles(folder).Select(file => File.ReadAllText(file, Encoding.UTF8)))
        : "";

    private static List<string> CommandLines()
    {
        var lines = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            try
            {
                lines.Add(File.ReadAllText(Path.Combine(process, "cmdline")));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has ended.
            }
        }

        return lines;
    }
}
