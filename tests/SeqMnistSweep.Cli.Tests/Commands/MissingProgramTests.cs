using SeqMnistSweep.Cli.Tests.Support;

namespace SeqMnistSweep.Cli.Tests.Commands;

/// <summary>A program that is not here: nothing can run it here, workers elsewhere may.</summary>
public sealed class MissingProgramTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("gone.py", "there is no gone.py in ")]
    [InlineData("here.py", null)]
    [InlineData("ask", null)]
    public async Task Plan_warns_of_it_and_run_refuses_it(string program, string? warning)
    {
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "here.py"), "print(1)");
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "sweep.yaml"), $"{{program: {program}, method: grid, metric: {{name: loss}}, parameters: {{x: {{values: [1, 2]}}}}}}");

        var plan = await _place.RunAsync("plan", "sweep.yaml");

        Assert.Equal(0, plan.ExitCode);
        if (warning is null)
        {
            Assert.DoesNotContain("warning: there is no", plan.Error, StringComparison.Ordinal);
            return;
        }

        Assert.Contains($"warning: {warning}", plan.Error, StringComparison.Ordinal);
        var run = await _place.RunAsync("run", "sweep.yaml");
        Assert.Equal(5, run.ExitCode);
        Assert.Contains($"error: {warning}", run.Error, StringComparison.Ordinal);
    }
}
