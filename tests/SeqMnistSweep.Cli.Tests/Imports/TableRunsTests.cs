using SeqMnistSweep.Cli.Console;
using SeqMnistSweep.Cli.Imports;
using SeqMnistSweep.Definitions;
using SeqMnistSweep.SweepFiles;

namespace SeqMnistSweep.Cli.Tests.Imports;

public sealed class TableRunsTests
{
    private const string Optuna = """
        ,number,value,datetime_start,datetime_complete,duration,params_x0,params_opt.name,user_attrs_note,system_attrs_fixed,state
        0,0,0.5,2026-01-01 10:00:00,2026-01-01 10:00:01,0 days 00:00:01,1.5,sgd,a,1,COMPLETE
        1,1,0.1,2026-01-01 10:00:00,2026-01-01 10:00:01,0 days 00:00:01,9.0,sgd,,,FAIL
        2,2,0.2,2026-01-01 10:00:00,2026-01-01 10:00:01,0 days 00:00:01,8.0,,,,PRUNED
        3,3,,2026-01-01 10:00:00,,,7.0,,,,RUNNING
        4,4,inf,2026-01-01 10:00:00,2026-01-01 10:00:01,0 days 00:00:01,6.0,,,,COMPLETE
        """;

    private const string Wandb = """
        "Name","State","Notes","User","Tags","Created","Runtime","Sweep","x0","opt.name","_step","loss"
        "calm-sweep-1","finished","-","ada","","2026-01-01T10:00:00.000Z","12","s1","1.5","sgd","9","0.5"
        "dark-sweep-2","crashed","-","ada","","2026-01-01T10:00:00.000Z","12","s1","9","sgd","9","0.1"
        "dark-sweep-3","failed","-","ada","","2026-01-01T10:00:00.000Z","12","s1","8","sgd","9","0.1"
        "dark-sweep-4","killed","-","ada","","2026-01-01T10:00:00.000Z","12","s1","7","sgd","9","0.1"
        "dark-sweep-5","running","-","ada","","2026-01-01T10:00:00.000Z","12","s1","6","sgd","9","0.1"
        """;

    private const string WandbConfig = """
        Name,State,config.x0,config.opt.name,summary.loss,loss
        a,finished,1.5,sgd,0.5,0.5
        b,failed,9,sgd,0.1,0.1
        """;

    private const string Ray = """
        loss,time_this_iter_s,done,training_iteration,trial_id,date,timestamp,time_total_s,pid,hostname,node_ip,config/x0,config/opt/name,logdir
        0.5,0.1,True,10,abc_00000,2026-01-01_10-00-00,1767261600,1.0,1,host,10.0.0.1,1.5,sgd,/tmp/a
        0.1,0.1,False,3,abc_00001,2026-01-01_10-00-00,1767261600,1.0,1,host,10.0.0.1,9.0,sgd,/tmp/b
        """;

    private const string Own = """
        trial,number,configuration,state,cause,value,epoch,epochs,test_loss,test_accuracy,seed,attempts,worker,device,created,started,finished,origin,message,loss,size,x0,opt.name
        m-0001/1,1,1,completed,,0.5,1,1,,,1111,1,vm,cpu,,,,,,0.5,9,1.5,sgd
        m-0001/2,2,2,pruned,,0.1,1,1,,,1111,1,vm,cpu,,,,,,0.1,1,9.0,sgd
        m-0001/3,3,3,queued,,,,,,,1111,1,vm,cpu,,,,,,,,8.0,sgd
        """;

    [Theory]
    [InlineData(Optuna, "value", "4 rows left out: FAIL (1), PRUNED (1), RUNNING (1), no finite value (1)")]
    [InlineData(Wandb, "loss", "4 rows left out: crashed (1), failed (1), killed (1), running (1)")]
    [InlineData(WandbConfig, "loss", "1 row left out: failed")]
    [InlineData(Ray, "loss", "1 row left out: False")]
    [InlineData(Own, "size", "2 rows left out: pruned (1), queued (1)")]
    [InlineData("x0,opt.name,loss,Status\n1.5,sgd,0.5,Succeeded\n9,sgd,0.1,Failed\n", "loss", "1 row left out: Failed")]
    [InlineData("x0,opt.name,loss\n1.5,sgd,0.5\n9,sgd,\n", "loss", "1 row left out: no finite value")]
    [InlineData("[{\"x0\":1.5,\"opt.name\":\"sgd\",\"loss\":0.5},{\"x0\":9,\"opt.name\":\"sgd\",\"loss\":\"NaN\"}]", "loss", "1 row left out: no finite value")]
    public void Tables_of_other_tools_are_read_by_their_states_and_prefixes(string text, string metric, string leftOut)
    {
        var points = Read(text, metric);
        Assert.Equal("""{"x0":1.5,"opt":{"name":"sgd"}}""", Assert.Single(points.Results).Parameters.ToJson());
        Assert.Equal(leftOut, points.LeftOut);
    }

    [Fact]
    public void A_column_called_state_that_says_something_else_is_a_parameter() =>
        Assert.Equal("state=liquid x0=1", Assert.Single(ImportedPoints.Of(TableRuns.Of(ForeignTable.Read("state,x0,loss\nliquid,1,0.5\n"), "loss", null).Runs).Results).Parameters.ToString());

    [Theory]
    [InlineData("a,a,value\n1,2,3\n", "the column 'a' is there 2 times")]
    [InlineData("a,value\n\"1,2\n", "line 2 has a quote that is never closed")]
    [InlineData("a,value\n1,2,3\n", "line 2 has 3 fields, the first has 2")]
    [InlineData("a,value\n\"x\ny\",1\n1\n", "line 4 has 1 fields, the first has 2")]
    [InlineData("\uFEFF", "the file is empty")]
    [InlineData("[{\"a\":1},2]", "it is no table in JSON")]
    [InlineData("[{\"a\":1,", "it is no table in JSON")]
    [InlineData("\0\u0001\u0002", "there is no column 'value'")]
    public void What_is_no_table_is_refused_with_the_place(string text, string message) =>
        Assert.Contains(message, Assert.Throws<CommandError>(() => Read(text, "value")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\uFEFFx0,value\r\n1.5,2\r\n\r\n")]
    [InlineData("x0,value\r1.5,2\r")]
    [InlineData("x0,value\n\"1.5\",\"2\"")]
    [InlineData("\"x0\",\"value\"\n1.5,2\n")]
    [InlineData(",x0,value\n0,1.5,2\n")]
    [InlineData("Unnamed: 0,x0,value\n0,1.5,2\n")]
    public void Line_ends_marks_quotes_and_row_numbers_do_no_harm(string text) =>
        Assert.Equal("""{"x0":1.5}""", Assert.Single(Read(text, "value").Results).Parameters.ToJson());

    /// <summary>Whatever the bytes: points, or an error of the user's.</summary>
    [Fact]
    public void No_text_is_a_bug_of_this_program()
    {
        var random = new Random(15);
        string[] pieces = [",", ",", "\n", "\n", "\r\n", "\r", "\"", "\"\"", "value", "x0", "state", "trial", "number", "1", "1e999", "-", "{", "[", "}", "]", ":", "\"a\":1", "NaN", "\uFEFF", "\0", "\uD800", "ö", "{\"op_code\":4}", "{\"op_code\":0,\"directions\":[1]}\n", "\"op_code\":", "params_", "config/", "trial_id", "training_iteration", "config", "history", "Name", "State", "{'a': 1, 'b': None}", "\"config\":{\"a\":1}", "\"history\":[{\"_step\":1,\"value\":2}]", "datetime_start", "FAIL", " ", "null"];
        for (var i = 0; i < 5_000; i++)
        {
            var text = (random.Next(3) == 0 ? "x0,value\n" : random.Next(3) == 0 ? "{\"op_code\":" : "") + string.Concat(Enumerable.Range(0, random.Next(25)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                var file = ForeignFile.OfText("x", text, study: null);
                var runs = file.Runs("value", random.Next(2) == 0 ? Sweep() : null);
                _ = (ImportedPoints.Of(runs), FinishedSweep.Trials(runs, "value", maximize: true), runs.Count == 0 ? null : SweepOfRuns.Of(file, "value", file.Study is null ? "maximize" : null, [], null));
            }
            catch (CommandError)
            {
            }
        }
    }

    private static ImportedPoints Read(string text, string metric) => ImportedPoints.Of(TableRuns.Of(ForeignTable.Read(text), metric, Sweep()).Runs);

    private static SweepDefinition Sweep() => SweepFile.Parse(
        "{method: random, run_cap: 9, program: a.py, metrics: [{name: loss, goal: minimize}, {name: size, goal: minimize}], parameters: {x0: {min: -5.0, max: 10.0}, opt: {parameters: {name: {values: [sgd, adam]}}}}}", "a.yaml").Definition!;
}
