using System.Diagnostics;

namespace SeqMnistSweep.Worker.Tests.Support;

internal static class Until
{
    /// <summary>Waits for a condition; fails after a minute with what <paramref name="state"/> says.</summary>
    public static async Task True(Func<bool> condition, Func<string> state)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), $"not within a minute; {state()}");
            await Task.Delay(5);
        }
    }
}
