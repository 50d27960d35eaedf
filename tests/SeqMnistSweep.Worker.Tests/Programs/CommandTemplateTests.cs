using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.Worker.Programs;

namespace SeqMnistSweep.Worker.Tests.Programs;

public sealed class CommandTemplateTests
{
    private static readonly ParameterSet Point = ParameterSet.FromJson("""{"lr":1e-05,"epochs":3,"nesterov":true,"amp":false,"name":"a b","layers":[1,2],"decay":1.0,"none":null,"model":{"depth":2,"act":"relu","bias":false}}""");

    [Fact]
    public void Without_a_command_it_is_the_usual_one() => Assert.Equal(
        ["/usr/bin/env", "python3", "train.py", "--lr=1e-05", "--epochs=3", "--nesterov=True", "--amp=False", "--name=a b", "--layers=[1, 2]", "--decay=1.0", "--none=None", "--model={'depth': 2, 'act': 'relu', 'bias': False}"],
        Expand());

    [Theory]
    [InlineData("${args_no_hyphens}", "lr=1e-05 epochs=3")]
    [InlineData("${args_no_equals}", "--lr 1e-05 --epochs 3")]
    [InlineData("${args_append_hydra}", "+lr=1e-05 +epochs=3")]
    [InlineData("${args_override_hydra}", "++lr=1e-05 ++epochs=3")]
    [InlineData("${args_no_boolean_flags}", "--lr=1e-05 --epochs=3 --nesterov --name=a b")]
    [InlineData("${args_json_file}", "/run/p.json")]
    [InlineData("${program}", "train.py")]
    [InlineData("${env}", "/usr/bin/env")]
    [InlineData("${interpreter}", "python3")]
    [InlineData("--home=${envvar:HOME}/x", "--home=/root/x")]
    [InlineData("${envvar:HOME}", "/root")]
    [InlineData("${envvar:UNSET}", "UNSET")]
    [InlineData("--flag", "--flag")]
    [InlineData("${args_dotted}", "--lr=1e-05 --epochs=3 --nesterov=True --amp=False --name=a b --layers=[1, 2] --decay=1.0 --none=None --model.depth=2 --model.act=relu --model.bias=False")]
    [InlineData("--seed=${seed}", "--seed=17")]
    [InlineData("${resume}", "")]
    [InlineData("--${program}", "--${program}")]
    public void Macros_mean_what_they_mean_in_W_and_B(string word, string expanded) =>
        Assert.StartsWith(expanded, string.Join(' ', Expand(word)), StringComparison.Ordinal);

    [Fact]
    public void Every_macro_of_the_sweep_file_is_known_here() => Assert.All(CommandMacros.All, macro => Assert.NotEmpty(Expand(macro)));

    [Theory]
    [InlineData("""{"x":1e15}""", "1000000000000000.0")]
    [InlineData("""{"x":1e16}""", "1e+16")]
    [InlineData("""{"x":1.5e300}""", "1.5e+300")]
    [InlineData("""{"x":-0.0001}""", "-0.0001")]
    [InlineData("""{"x":0.00001}""", "1e-05")]
    [InlineData("""{"x":1.25e-7}""", "1.25e-07")]
    [InlineData("""{"x":0.0}""", "0.0")]
    [InlineData("""{"x":100.0}""", "100.0")]
    [InlineData("""{"x":123456.789}""", "123456.789")]
    [InlineData("""{"x":["it's",true,null,"a\nb"]}""", """["it's", True, None, 'a\nb']""")]
    [InlineData("""{"x":{"y":{"z":"\"'"}}}""", """{'y': {'z': '"\''}}""")]
    public void A_value_is_spelled_as_Python_does(string point, string spelled) => Assert.Equal(
        $"x={spelled}", new CommandTemplate(["${args_no_hyphens}"]).Expand("train.py", ParameterSet.FromJson(point), _ => null, "").Single());

    [Fact]
    public void An_unknown_macro_vanishes() => Assert.Equal(["a", "b"], Expand("a", "${what}", "b"));

    [Fact]
    public void Json_reads_back_to_the_same_point() => Assert.Equal(Point, ParameterSet.FromJson(Expand("${args_json}").Single()));

    [Fact]
    public void A_file_is_written_only_where_it_is_asked_for()
    {
        Assert.True(new CommandTemplate(["x", "${args_json_file}"]).NeedsParametersFile);
        Assert.False(new CommandTemplate([]).NeedsParametersFile);
    }

    private static string[] Expand(params string[] words) =>
        [.. new CommandTemplate([.. words]).Expand("train.py", Point, name => name switch { "HOME" => "/root", "SEQSWEEP_SEED" => "17", _ => null }, "/run/p.json")];
}
