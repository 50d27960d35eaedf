using SeqMnistSweep.Grains;

namespace SeqMnistSweep.Tests.Grains;

public sealed class CallFailureTests
{
    [Theory]
    [InlineData("Connection refused", "Connection refused")]
    [InlineData(
        "Exception while sending message: Orleans.Runtime.Messaging.ConnectionFailedException: Unable to connect to endpoint S127.0.0.1:11111:0. See InnerException\n ---> System.Net.Sockets.SocketException (111): Connection refused\n   at Orleans.X()",
        "Unable to connect to endpoint S127.0.0.1:11111:0")]
    [InlineData("", "it gave no reason")]
    public void One_line_without_names_of_types_is_left(string message, string line) => Assert.Equal(line, CallFailure.Line(new InvalidOperationException(message)));

    [Fact]
    public void The_innermost_cause_speaks() =>
        Assert.Equal("Connection refused", CallFailure.Line(new InvalidOperationException("outer", new TimeoutException("middle", new InvalidOperationException("Connection refused\n   at X")))));

    [Fact]
    public void A_call_without_an_answer_is_told_without_its_address() =>
        Assert.Equal("no answer in time", CallFailure.Line(new TimeoutException("Response did not arrive on time in 00:00:05 for message: Request [S127.0.0.1:41365:1 sys.client]")));

    [Fact]
    public void An_interface_without_a_silo_is_a_head_that_is_not_there_yet() =>
        Assert.Equal("it is not in the cluster yet", CallFailure.Line(new ArgumentException("whatever it says") { Source = "Orleans.Core" }));

    [Fact]
    public void An_argument_that_somebody_else_refused_speaks_for_itself() =>
        Assert.Equal("there is no such trial", CallFailure.Line(new ArgumentException("there is no such trial")));
}
