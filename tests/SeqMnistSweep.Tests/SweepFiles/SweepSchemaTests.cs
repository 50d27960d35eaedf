using NJsonSchema;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.SweepFiles.Diagnostics;
using SeqMnistSweep.SweepFiles.Schema;
using SeqMnistSweep.SweepFiles.Yaml;

namespace SeqMnistSweep.Tests.SweepFiles;

public sealed class SweepSchemaTests
{
    public static TheoryData<string> Files => ReadySweepTests.Files;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Ready_sweeps_fit_the_schema(string file) =>
        Assert.Empty(await Validate(RepositoryFiles.Read("sweeps", file)));

    [Theory]
    [InlineData("methud: grid")]
    [InlineData("method: grid\nlimits: {trail_time: 5m}")]
    [InlineData("method: grid\nparameters: {lr: {vlaue: 1}}")]
    [InlineData("method: grid\nparameters: {model: {parameters: {depth: {vlaue: 1}}}}")]
    [InlineData("method: gird")]
    [InlineData("method: grid\nanything: {values: [1]}")]
    [InlineData("method: grid\nrun_cap: 0")]
    public async Task Unknown_keys_and_wrong_values_do_not_fit(string text) => Assert.NotEmpty(await Validate(text));

    [Theory]
    [InlineData("method: grid\nx-common: {a: 1}")]
    [InlineData("method: grid\nname: 123")]
    [InlineData("method: grid\nmy_note: hello\nowner: [ada, bob]")]
    [InlineData("method: random\nrun_cap: 1\nprogram: train.py\nmetric: {name: loss}\nparameters: {model: {parameters: {depth: {values: [1, a]}}}}")]
    public async Task What_the_program_accepts_fits(string text)
    {
        _ = Sweeps.Valid(text);
        Assert.Empty(await Validate(text));
    }

    [Fact]
    public void Parameters_of_tcn_are_offered() =>
        Assert.Contains("\"kernel_size\"", SweepSchema.ToJson(), StringComparison.Ordinal);

    private static async Task<ICollection<NJsonSchema.Validation.ValidationError>> Validate(string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(SweepSchema.ToJson());
        var bag = new DiagnosticBag();
        ParameterValue value = YamlReader.Read(SourceText.Of(yaml), bag)!.ToValue()!;
        return schema.Validate(value.ToJson());
    }
}
