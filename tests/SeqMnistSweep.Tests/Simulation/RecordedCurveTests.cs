using SeqMnistSweep.Simulation;

namespace SeqMnistSweep.Tests.Simulation;

public sealed class RecordedCurveTests
{
    [Fact]
    public void Columns_may_come_in_any_order_and_others_are_passed_over()
    {
        var curve = Assert.Single(RecordedCurve.ReadAll(new StringReader("seconds,trial,lr,epoch,metric\n2,s/7,0.1,2,NaN\n1.5,s/7,0.1,1,0.25\n\n")));
        Assert.Equal("s/7", curve.Trial);
        Assert.Equal([0.25, double.NaN], curve.Values.AsEnumerable());
        Assert.Equal([1.5, 2], curve.Seconds.AsEnumerable());
    }

    [Theory]
    [InlineData("trial,epoch,metric\n", "line 1: the header has no column 'seconds'")]
    [InlineData("trial,epoch,metric,seconds\n", "there is no curve below the header")]
    [InlineData("trial,epoch,metric,seconds\n1,1,0.5\n", "line 2: 3 values, where the header has more")]
    [InlineData("trial,epoch,metric,seconds\n1,1,half,1\n", "line 2: 'half' in 'metric' is not a number")]
    [InlineData("trial,epoch,metric,seconds\n1,0,0.5,1\n", "line 2: epoch 0 is not a whole number of 1 or more")]
    [InlineData("trial,epoch,metric,seconds\n1,1,0.5,-1\n", "line 2: an epoch cannot take -1 seconds")]
    [InlineData("trial,epoch,metric,seconds\n1,1,0.5,1\n1,3,0.5,1\n", "trial 1: epoch 2 is missing")]
    [InlineData("trial,epoch,metric,seconds\n1,1,0.5,1\n1,1,0.5,1\n", "trial 1: epoch 2 follows an epoch that is there twice")]
    public void What_is_no_recording_is_refused_with_its_place(string csv, string message) =>
        Assert.StartsWith(message, Assert.Throws<FormatException>(() => RecordedCurve.ReadAll(new StringReader(csv))).Message, StringComparison.Ordinal);
}
