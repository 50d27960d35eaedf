using System.Threading.Channels;
using SeqMnistSweep.Worker.Protocol;

namespace SeqMnistSweep.Worker.Runners;

/// <summary>What a slot trains in: takes commands, sends messages, and is a child process that may end at any moment.</summary>
internal interface IRunner : IAsyncDisposable
{
    /// <summary>Of its process; 0 before it has one.</summary>
    int Id { get; }

    /// <summary>For messages: "the runner (pid 17)".</summary>
    string Name { get; }

    /// <summary>Whether it can take another trial after a good end.</summary>
    bool StaysWarm { get; }

    /// <summary>The last line of its log, for the message of a crash.</summary>
    string LastWords { get; }

    /// <summary>In order; completes when the process has ended.</summary>
    ChannelReader<AttemptEvent> Messages { get; }

    /// <summary>Whether this trial can run in it now.</summary>
    bool CanRun(TrialGrant grant);

    /// <summary>Further log lines go to this file; null throws them away.</summary>
    void LogTo(string? file);

    /// <summary>Commands arrive in the order of the calls. A process that has gone does not hear them, which its end will tell.</summary>
    void Send(RunnerCommand command);

    /// <summary>Waits for its end.</summary>
    Task<RunnerExit> ExitAsync();

    void Kill();
}
