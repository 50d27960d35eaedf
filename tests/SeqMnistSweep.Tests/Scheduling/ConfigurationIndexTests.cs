using SeqMnistSweep.Scheduling;
using SeqMnistSweep.SearchSpaces;

namespace SeqMnistSweep.Tests.Scheduling;

public sealed class ConfigurationIndexTests
{
    private readonly TrialCollection _trials = new(packs: true);
    private readonly ConfigurationIndex _book;

    public ConfigurationIndexTests() => _book = new ConfigurationIndex(_trials);

    [Fact]
    public void Parameters_find_every_configuration_that_has_them_by_their_meaning()
    {
        Add(1, 1, """{"x":1,"y":"a"}""");
        Add(2, 1, """{"x":1,"y":"a"}""");
        Add(3, 2, """{"x":2,"y":"a"}""");
        Add(4, 3, """{"y":"a","x":1.0}""");

        Assert.Equal(3, _book.Count);
        Assert.Equal([4, 1], _book.TrialsWith(ParameterSet.FromJson("""{"x":1.0,"y":"a"}""")));
        Assert.Empty(_book.TrialsWith(ParameterSet.FromJson("""{"x":3,"y":"a"}""")));
        Assert.Equal(["x=1 y=a", "x=2 y=a", "y=a x=1.0"], _book.All.Select(parameters => parameters.ToString()));
    }

    private void Add(int number, int configuration, string parameters)
    {
        var trial = new TrialRecord { Number = number, Configuration = configuration, Parameters = ParameterSet.FromJson(parameters), Seed = number, Created = default };
        _trials.Put(trial);
        _book.Add(trial);
    }
}
