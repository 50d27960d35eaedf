using System.Runtime.InteropServices;

namespace SeqMnistSweep.Tests;

/// <summary>Processor time of the thread that asks: how long something takes, whatever else the machine does.</summary>
internal static class ThreadClock
{
    private const int OfThisThread = 3;

    public static TimeSpan Now()
    {
        Assert.Equal(0, ClockGetTime(OfThisThread, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
