using System.Numerics;

namespace SeqMnistSweep.Cli.Exports;

/// <summary>Trials as runs of TensorBoard: a folder each with one event file; metrics as scalars by epoch, parameters for its HParams page
/// (plugin <c>hparams</c>, tensorboard/plugins/hparams/plugin_data.proto).</summary>
internal static class TensorBoardExport
{
    // SessionEndInfo.Status
    private const int Success = 1;
    private const int Failure = 2;
    private const int Running = 3;

    // TensorProto: float32 of shape (0), which the plug-in's own summaries carry.
    private static readonly byte[] NullTensor = [0x08, 0x01, 0x12, 0x02, 0x12, 0x00];

    /// <param name="folder">A log directory; what is there stays.</param>
    /// <returns>Runs written.</returns>
    public static async Task<int> WriteAsync(SweepExport sweep, IReadOnlyList<ExportedTrial> trials, string folder, CancellationToken stop)
    {
        var byNumber = trials.ToDictionary(trial => trial.Number);
        var written = new HashSet<int>();
        FileStream? file = null;
        try
        {
            var current = 0;
            await foreach (var report in sweep.ReportsAsync(trials, stop))
            {
                if (report.Trial != current)
                {
                    End(file, current == 0 ? null : byNumber[current]);
                    current = report.Trial;
                    file = Begin(folder, sweep, byNumber[current]);
                    written.Add(current);
                }

                Record(file!, Event(Seconds(report.Time), report.Report.Epoch, summary =>
                {
                    foreach (var (metric, value) in report.Report.Metrics)
                    {
                        summary.Message(1, scalar => scalar.Text(1, metric).Float(2, (float)value));
                    }
                }));
            }

            End(file, current == 0 ? null : byNumber[current]);
            file = null;
            foreach (var trial in trials.Where(trial => !written.Contains(trial.Number)))
            {
                End(Begin(folder, sweep, trial), trial);
            }
        }
        finally
        {
            file?.Dispose();
        }

        return trials.Count;
    }

    /// <summary>The checksum of TensorFlow's records: CRC-32C, turned and shifted so that a checksum of checksums is none.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + 0xa282ead8u;
    }

    private static FileStream Begin(string folder, SweepExport sweep, ExportedTrial trial)
    {
        var run = Directory.CreateDirectory(Path.Combine(folder, sweep.Id.Value, $"{trial.Number}")).FullName;
        var at = Seconds(trial.Started ?? trial.Created);
        var file = new FileStream(
            Path.Combine(run, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{(long)at}.seqsweep")), FileMode.Create,
            FileAccess.Write);
        Record(file, new ProtoWriter().Double(1, at).Text(3, "brain.Event:2").ToArray());
        Record(file, Event(at, 0, summary =>
            summary.Message(1, value => Plugin(value, "_hparams_/session_start_info", data => data.Message(3, start =>
        {
            foreach (var (name, parameter) in trial.Parameters)
            {
                start.Message(1, entry => entry.Text(1, name).Message(2, of => Value(of, parameter)));
            }

            start.Text(4, $"{sweep.Id}/{trial.Configuration}").Double(5, at);
        })))));
        return file;
    }

    private static void End(FileStream? file, ExportedTrial? trial)
    {
        if (file is null || trial is null) return;

        var at = Seconds(trial.Finished ?? trial.Started ?? trial.Created);
        if (trial.Value is { } best)
        {
            // The best of all epochs, which no point of the curve says by itself: what the HParams page sorts by.
            Record(file, Event(at, trial.Epoch ?? 0, summary =>
            {
                summary.Message(1, scalar => scalar.Text(1, "best").Float(2, (float)best));
                if (trial.TestAccuracy is { } accuracy)
                {
                    summary.Message(1, scalar => scalar.Text(1, "final/test_accuracy").Float(2, (float)accuracy));
                }
            }));
        }

        var status = trial.State switch { "completed" or "pruned" => Success, "failed" or "cancelled" => Failure, _ => Running };
        Record(
            file,
            Event(
                at, 0,
                summary => summary.Message(
                    1,
                    value => Plugin(
                        value, "_hparams_/session_end_info", data => data.Message(4, end => end.Varint(1, status).Double(2, at))))));
        file.Dispose();
    }

    private static void Plugin(ProtoWriter value, string tag, Action<ProtoWriter> data)
    {
        var content = new ProtoWriter();
        data(content);
        value.Text(1, tag).Bytes(8, NullTensor).Message(
            9, metadata => metadata.Message(1, plugin => plugin.Text(1, "hparams").Bytes(2, content.ToArray())));
    }

    private static void Value(ProtoWriter of, ParameterValue parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Integer or ParameterKind.Real: of.Double(2, parameter.AsReal()); break;
            case ParameterKind.Boolean: of.Varint(4, parameter.AsBoolean() ? 1 : 0); break;
            case ParameterKind.Null: of.Varint(1, 0); break;
            default: of.Text(3, parameter.ToString()); break;
        }
    }

    private static byte[] Event(double at, long step, Action<ProtoWriter> summary) =>
        new ProtoWriter().Double(1, at).Varint(2, step).Message(5, summary).ToArray();

    private static void Record(FileStream file, byte[] data)
    {
        var length = BitConverter.GetBytes((ulong)data.Length);
        file.Write(length);
        file.Write(BitConverter.GetBytes(MaskedChecksum(length)));
        file.Write(data);
        file.Write(BitConverter.GetBytes(MaskedChecksum(data)));
    }

    private static double Seconds(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() / 1000.0;
}
