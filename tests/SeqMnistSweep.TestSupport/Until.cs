using System.Diagnostics;

namespace SeqMnistSweep.TestSupport;

/// <summary>Waits for what comes by itself, and fails after a minute with what the state was.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task True(Func<bool> condition, Func<string> state) => True(() => Task.FromResult(condition()), state);

    public static async Task True(Func<Task<bool>> condition, Func<string> state)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"not within a minute; {state()}");
            }

            await Task.Delay(Pause);
        }
    }
}
