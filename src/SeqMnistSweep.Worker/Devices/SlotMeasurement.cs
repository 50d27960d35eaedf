using System.Diagnostics;
using SeqMnistSweep.Worker.Runners;

namespace SeqMnistSweep.Worker.Devices;

/// <summary>What <see cref="SlotMeasurement"/> found.</summary>
/// <param name="Rounds">In the order in which they were measured; empty where none succeeded.</param>
/// <param name="Ended">Why it could not go on; null where more would be no gain, or is not wanted.</param>
public sealed record SlotsMeasured(ImmutableArray<SlotRound> Rounds, string? Ended)
{
    /// <summary>The number to take.</summary>
    public int Slots => SlotChoice.Of(Rounds);

    /// <summary>For a person: <c>2 slots: 1 made 810 images/s, 2 made 1520, 4 made 1560</c>.</summary>
    public override string ToString()
    {
        var rounds = string.Join(", ", Rounds.Select((round, i) => string.Create(
            CultureInfo.InvariantCulture, $"{round.Slots} made {round.Rate:0}{(i == 0 ? " images/s" : "")}")));
        return $"{Plural.Of(Slots, "slot")}: {rounds}{(Ended is null ? "" : (Rounds.IsEmpty ? "" : "; ") + Ended)}";
    }
}

/// <summary>Measures how many trials at once a GPU is best used by: child processes like those that train run the default network together,
/// two seconds for each number of them.</summary>
/// <param name="start">A process that answers as <c>seqsweep runner --throughput</c> does.</param>
/// <param name="memory">Of the device; null where nobody knows.</param>
public sealed class SlotMeasurement(Func<ProcessStartInfo> start, Func<DeviceMemory?> memory)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);

    /// <summary>Of all together: a first start of CUDA on a slow file system takes half a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <param name="most">Slots at most.</param>
    public static Task<SlotsMeasured> OfAsync(WorkerOptions worker, int most, CancellationToken cancellation) =>
        new SlotMeasurement(() => StartOf(worker), () => DeviceMemoryReading.Of(worker.GpuIds, [])).RunAsync(most, Limit, cancellation);

    /// <summary>Never fails: what was measured before something went wrong counts.</summary>
    public async Task<SlotsMeasured> RunAsync(int most, TimeSpan limit, CancellationToken cancellation)
    {
        var rounds = new List<SlotRound>();
        var children = new List<Child>();
        string? ended = null;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(limit);
        try
        {
            var before = memory();
            while (ended is null && SlotChoice.Next(rounds, most) is { } next)
            {
                if (rounds.Count > 0 && !SlotChoice.HasMemory(before, memory(), rounds[^1].Slots, next))
                {
                    ended = $"no memory for {next}";
                    break;
                }

                var fresh = Enumerable.Range(0, next - children.Count).Select(_ => new Child(start())).ToList();
                children.AddRange(fresh);
                await Task.WhenAll(fresh.Select(child => child.LineAsync(late.Token)));
                var rates = await Task.WhenAll(children.Select(child => child.RoundAsync(late.Token)));
                rounds.Add(new SlotRound(next, rates.Sum()));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            ended = string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.#} s with {children.Count}");
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            ended = $"measuring failed with {children.Count}: {error.Message}";
        }
        finally
        {
            children.ForEach(child => child.Dispose());
        }

        return new SlotsMeasured([.. rounds], ended);
    }

    private static ProcessStartInfo StartOf(WorkerOptions worker)
    {
        string[] asked =
        [
            "--throughput", Round.TotalSeconds.ToString(CultureInfo.InvariantCulture), "--gpus", worker.GpuIds.IsEmpty ? "0" : "1",
        ];
        var info = new ProcessStartInfo(worker.RunnerCommand[0], [.. worker.RunnerCommand.Skip(1), .. asked]);
        RunnerEnvironment.Apply(info.Environment, worker, threads: 1);
        return info;
    }

    /// <summary>One that measures. It ends when its input does, so none outlives this process.</summary>
    private sealed class Child : IDisposable
    {
        private readonly Process _process;
        private readonly Task<string> _said;

        public Child(ProcessStartInfo info)
        {
            info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
            _process = Process.Start(info)!;
            _said = _process.StandardError.ReadToEndAsync();
        }

        /// <exception cref="IOException">It has ended; the message is its own last line.</exception>
        public async Task<string> LineAsync(CancellationToken cancellation)
        {
            if (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line) return line;

            var last = (await _said.WaitAsync(cancellation)).Trim().Split('\n')[^1];
            throw new IOException(last.Length > 0 ? last : "the process ended without a word");
        }

        /// <returns>Images a second.</returns>
        public async Task<double> RoundAsync(CancellationToken cancellation)
        {
            await _process.StandardInput.WriteAsync("go\n".AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
            var line = await LineAsync(cancellation);
            return double.TryParse(line, CultureInfo.InvariantCulture, out var rate) && rate > 0 ? rate
                : throw new IOException($"the answer is no number: {line}");
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }

            _process.Dispose();
        }
    }
}
