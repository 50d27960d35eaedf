using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class SweepFileEditTests
{
    private const string File =
        """
        # a search
        name: tcn   # kept
        method: random
        run_cap: 20
        tags:
        - a
        - b
        parameters:
          lr:  # the rate
            min: 0.001
            max: 0.01 # not more
          optimizer: {values: [Adam, SGD]}
          "batch size": {value: 32}
          block:
            parameters:
              width: {min: 1, max: 8}
        early_terminate: {type: hyperband, min_iter: 3}

        """;

    [Theory]
    [InlineData("run_cap", "200", "run_cap: 20\n", "run_cap: 200\n")]
    [InlineData("lr.max", "0.1", "max: 0.01 # not more", "max: 0.1 # not more")]
    [InlineData("parameters.lr.max", "0.1", "max: 0.01 # not more", "max: 0.1 # not more")]
    [InlineData("optimizer.values", "[Adam]", "values: [Adam, SGD]", "values: [Adam]")]
    [InlineData("optimizer", "{value: Adam}", "optimizer: {values: [Adam, SGD]}", "optimizer: {value: Adam}")]
    [InlineData("lr.distribution", "uniform", "    min: 0.001", "    distribution: uniform\n    min: 0.001")]
    [InlineData("optimizer.when", "{lr: 1}", "{values: [Adam", "{when: {lr: 1}, values: [Adam")]
    [InlineData("momentum.max", "0.9", "  lr:  # the rate", "  momentum: {max: 0.9}\n  lr:  # the rate")]
    [InlineData("batch size.value", "64", "{value: 32}", "{value: 64}")]
    [InlineData("block.width.max", "16", "{min: 1, max: 8}", "{min: 1, max: 16}")]
    [InlineData("tags", "[c]", "tags:\n- a\n- b\n", "tags: [c]\n")]
    [InlineData("seeds.count", "3", "min_iter: 3}\n", "min_iter: 3}\nseeds: {count: 3}\n")]
    [InlineData("early_terminate.min_iter", "9", "min_iter: 3", "min_iter: 9")]
    [InlineData("name", "wide", "name: tcn   # kept", "name: wide   # kept")]
    public void One_key_changes_and_the_rest_stays_as_it_was_written(string key, string value, string before, string after) =>
        Assert.Equal(File.Replace(before, after, StringComparison.Ordinal), SweepFileEdit.Set(File, key, value));

    [Fact]
    public void A_parameter_of_several_lines_gives_way_to_one() =>
        Assert.Equal(
            File.Replace("  lr:  # the rate\n    min: 0.001\n    max: 0.01 # not more\n", "  lr: {value: 0.1}\n", StringComparison.Ordinal),
            SweepFileEdit.Set(File, "lr", "{value: 0.1}"));

    [Theory]
    [InlineData("x: &a {min: 1, max: 2}\nmethod: grid\nparameters:\n  lr: *a\n", "lr.max", "3")]
    [InlineData("method: grid\nparameters: {lr: {value: 1}}\n", "lr.value.deep", "3")]
    [InlineData("method: grid\nparameters: {lr: {value: 1}}\n", "lr.value", "1}, other: {value: 2")]
    [InlineData("method: grid\nparameters: {lr: {value: 1}}\n", "run_cap", "3\nname: other")]
    [InlineData("- no\n- mapping\n", "run_cap", "3")]
    public void What_would_change_anything_else_is_not_done(string text, string key, string value) =>
        Assert.Null(SweepFileEdit.Set(text, key, value));

    [Fact]
    public void Files_are_compared_key_by_key()
    {
        var differences = SweepFileLeaves.Compare([File, File.Replace("0.01 # not more", "0.5", StringComparison.Ordinal) + "seeds: {count: 3}\n"]);

        Assert.Equal(
            ["parameters.lr.max 0.01 0.5", "seeds.count - 3"],
            differences.Select(row => $"{row.Key} {row.Values[0] ?? "-"} {row.Values[1] ?? "-"}"));
    }
}
