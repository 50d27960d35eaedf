using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Tests.SweepFiles;

namespace SeqMnistSweep.Tests.SearchSpaces;

public sealed class SearchSpaceTests
{
    [Fact]
    public void Derived_values_use_defaults_of_parameters_that_the_file_leaves_out()
    {
        var space = Sweeps.Valid("method: grid\nparameters: {kernel_size: {values: [7, 9]}}\nderived: {width: hidden * kernel_size, twice: width * 2}").Space;
        Assert.Equal("receptive_field=4081 sequence_length=784 width=270 twice=540", Derived(space, Point("""{"kernel_size": 9}""")));
    }

    [Fact]
    public void A_users_formula_takes_the_place_of_a_built_in_one()
    {
        var space = Sweeps.Valid("method: grid\nderived: {receptive_field: 1 + levels}").Space;
        Assert.Equal("sequence_length=784 receptive_field=9", Derived(space, ParameterSet.Empty));
        Assert.Null(space.Check(ParameterSet.Empty));
    }

    [Fact]
    public void A_broken_rule_is_named_with_its_values()
    {
        var space = Sweeps.Valid("method: grid\nconstraints: [{require: levels > 3, message: \"{levels} levels, {hidden} channels\"}, {require: hidden < 99}]").Space;
        Assert.Equal(new Violation(0, "3 levels, 30 channels"), space.Check(Point("""{"levels": 3}""")));
        Assert.Equal(new Violation(1, "hidden < 99 does not hold"), space.Check(Point("""{"hidden": 99}""")));
        Assert.Equal(2, space.Check(Point("""{"levels": 6}"""))!.Rule);
    }

    [Fact]
    public void Nested_parameters_are_found_by_their_dotted_names()
    {
        var space = Sweeps.Valid("""
            method: grid
            program: train.py
            metric: {name: loss}
            parameters: {model: {parameters: {depth: {values: [2, 3]}}}}
            constraints: [{require: model.depth > 2}]
            """).Space;
        Assert.Equal(3, space.ValueOf(Point("""{"model": {"depth": 3}}"""), "model.depth")!.AsInteger());
        Assert.NotNull(space.Check(Point("""{"model": {"depth": 2}}""")));
        Assert.Null(space.Check(Point("""{"model": {"depth": 3}}""")));
    }

    [Fact]
    public void A_rule_about_an_inactive_parameter_without_a_default_does_not_apply()
    {
        var space = Sweeps.Valid("""
            method: grid
            program: train.py
            metric: {name: loss}
            parameters:
              opt: {values: [adam, sgd]}
              momentum: {values: [0.5, 0.9], when: {opt: sgd}}
            constraints: [{require: momentum < 0.8}]
            """).Space;
        Assert.Null(space.Check(Point("""{"opt": "adam"}""")));
        Assert.NotNull(space.Check(Point("""{"opt": "sgd", "momentum": 0.9}""")));
    }

    [Fact]
    public void Fewer_time_steps_need_a_smaller_receptive_field()
    {
        var space = Sweeps.Valid("method: grid\nparameters: {input_channels: {value: 28}, levels: {value: 3}, kernel_size: {value: 5}}").Space;
        Assert.Null(space.Check(Point("""{"input_channels": 28, "levels": 3, "kernel_size": 5}""")));
        Assert.Equal("receptive field 25 does not cover the sequence of 28", space.Check(Point("""{"input_channels": 28, "levels": 2, "kernel_size": 5}"""))!.Message);
    }

    private static ParameterSet Point(string json) => ParameterSet.FromJson(json);

    private static string Derived(SearchSpace space, ParameterSet point)
    {
        var rules = new RuleScope(space, name => space.ValueOf(point, name));
        return string.Join(' ', space.Derived.Select(derived => (derived.Name, Value: rules.TryDerive(derived.Name)))
            .Where(derived => derived.Value is not null).Select(derived => $"{derived.Name}={derived.Value}"));
    }
}
