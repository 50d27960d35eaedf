using SeqMnistSweep.EndToEnd.Tests.Support;

namespace SeqMnistSweep.EndToEnd.Tests;

/// <summary>What people see in a real terminal of 80 columns.</summary>
public sealed class TerminalTests
{
    private const string Sweep = """
        name: seen
        program: noop
        method: grid
        metric: {name: value, goal: minimize}
        parameters:
          epochs: {value: 3}
          sleep_ms: {value: 60}
          a_parameter_with_a_long_name: {values: [0.000123, 0.5, 1.25]}
          another_one: {values: [first_choice, second_choice]}
        """;

    [NeedsProgramFact("tmux")]
    public async Task A_live_panel_leaves_its_summary_and_a_clean_terminal_behind()
    {
        using var place = new SeqSweep();
        place.Write("seen.yaml", Sweep);
        using var terminal = new Terminal(place.Folder);
        var bars = 0;
        var left = await terminal.RunAsync("seqsweep run seen.yaml", screen => bars += screen.Contains('░') || screen.Contains('█') ? 1 : 0);

        Assert.True(bars > 0, "no bar was seen while it ran");
        Assert.DoesNotContain(left, line => line.Contains('░') || line.Contains('█'));
        Assert.Contains(left, line => line.Contains(place.OnlySweep().Sweep.Id.Value, StringComparison.Ordinal));
        Assert.True(terminal.ShowsCursor(), "the cursor is gone");
    }

    [NeedsProgramFact("tmux")]
    public async Task Every_reading_command_fits_the_terminal_with_colour_and_without()
    {
        using var place = new SeqSweep();
        place.Write("seen.yaml", Sweep);
        place.Write("broken.yaml", "method: gird\nparameters:\n  x0: {values: [0.1]}\n");
        (await place.RunAsync("run", "seen.yaml")).Expect(0);
        var id = place.OnlySweep().Sweep.Id.Value;
        string[] commands =
        [
            "list", $"show {id}", $"show {id}/2", "leaderboard", $"why {id}/2", "query 'select trial, state, value from trials'", "plan seen.yaml",
            "validate seen.yaml broken.yaml", "explain early_terminate", "data list", "version", "run --help", "leaderboard --top many",
        ];
        using var coloured = new Terminal(place.Folder);
        using var plain = new Terminal(place.Folder, ("NO_COLOR", "1"));
        var colours = 0;
        foreach (var command in commands)
        {
            var shown = await coloured.RunAsync($"seqsweep {command}");
            Assert.NotEmpty(shown);
            Assert.False(IsTable(command) && coloured.HasBrokenLines(), $"{command}:\n{coloured.Screen()}");
            colours += Coloured(coloured.Screen(codes: true)) ? 1 : 0;

            Assert.Equal(shown, await plain.RunAsync($"seqsweep {command}"));
            Assert.False(Coloured(plain.Screen(codes: true)), $"{command} is coloured in spite of NO_COLOR");
        }

        Assert.True(colours > commands.Length / 2, $"{colours} of {commands.Length} commands use colour");
    }

    /// <summary>Whether rows must stay on their lines; a sentence or a path may go on in the next, so that it can be copied whole.</summary>
    private static bool IsTable(string command) => command.Split(' ')[0] is "list" or "leaderboard" or "query" or "data" or "version" or "run";

    /// <summary>Whether the text sets a colour or bold face, and not only takes it back.</summary>
    private static bool Coloured(string screen) => screen.Replace("\u001b[0m", "", StringComparison.Ordinal).Replace("\u001b[39m", "", StringComparison.Ordinal).Contains("\u001b[", StringComparison.Ordinal);
}
