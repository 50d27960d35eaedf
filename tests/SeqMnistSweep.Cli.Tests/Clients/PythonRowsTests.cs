using System.Diagnostics;
using SeqMnistSweep.Clients;
using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Clients;

/// <summary>Results in Python: of a head of this account, which is found without a word, and of a file.</summary>
public sealed class PythonRowsTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Rows_of_a_head_and_of_its_file_are_the_same()
    {
        await _place.AddSweepAsync();
        await using var head = await TestHead.StartAsync(_place.Database);
        var said = Run(head.Url, $"""
            import sys, types
            sys.modules["pandas"] = types.SimpleNamespace(DataFrame=list)
            import seqsweep
            file = '{_place.Database}'
            client = seqsweep.Client()
            print(client.trials("tcn-7f3k") == seqsweep.df("tcn-7f3k", database=file) == seqsweep.df("tcn-7f3k"))
            print(client.reports("tcn-7f3k") == seqsweep.curves("tcn-7f3k", database=file) == seqsweep.curves("tcn-7f3k"))
            print(len(client.trials("tcn-7f3k")), sorted(set(client.trials("tcn-7f3k")[0]) & set(["number", "state", "value"])))
            print(client.metric_of("tcn-7f3k"))
            """);
        Assert.Equal(["True", "True", "4 ['number', 'state', 'value']", "val_accuracy"], said);
    }

    private string[] Run(string head, string script)
    {
        File.WriteAllBytes(Path.Combine(_place.Folder, PythonSources.Module), [.. PythonSources.All[PythonSources.Module]]);
        var info = new ProcessStartInfo("/usr/bin/python3", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PYTHONPATH"] = _place.Folder;
        info.Environment["SEQSWEEP_HEAD"] = head;
        info.Environment["XDG_RUNTIME_DIR"] = TestHead.RuntimeFolder;
        using var python = Process.Start(info)!;
        var errors = python.StandardError.ReadToEndAsync();
        var said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, errors.Result);
        return said.Trim().Split('\n');
    }
}
