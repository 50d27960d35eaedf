using System.Reflection;
using SeqMnistSweep.Grains;

namespace SeqMnistSweep.Cli.Tests.Client;

/// <summary>A sweep of a million trials that has ended takes longer to read than a client waits for an ordinary answer.</summary>
public sealed class ActionTimeTests
{
    [Fact]
    public void An_action_may_take_a_minute() => Assert.Equal(
        ["Cancel", "CancelTrial", "Edit", "Enqueue", "Pause", "Resume", "Retry", "Stop"],
        typeof(ISweepGrain).GetMethods().Where(method => LimitOf(method) == ISweepGrain.ActionTime).Select(method => method.Name).Order());

    private static string? LimitOf(MethodInfo method) =>
        method.GetCustomAttributesData().FirstOrDefault(attribute => attribute.AttributeType == typeof(ResponseTimeoutAttribute))
            ?.ConstructorArguments[0].Value as string;
}
