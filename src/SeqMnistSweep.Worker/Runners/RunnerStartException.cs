namespace SeqMnistSweep.Worker.Runners;

/// <summary>No runner process could be started: the worker, not the trial, is at fault.</summary>
internal sealed class RunnerStartException(string message, Exception inner) : Exception(message, inner);
