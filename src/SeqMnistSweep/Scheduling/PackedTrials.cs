using System.Runtime.InteropServices;
using System.Text;
using SeqMnistSweep.SearchSpaces;
using SeqMnistSweep.Trials;

namespace SeqMnistSweep.Scheduling;

/// <summary>
/// Trials as bytes: whole, and about a tenth of what they take as objects. A sweep of a million is kept so in some 200 MB that the
/// garbage collector need not walk. What is added stays; a trial that is added again takes new room.
/// </summary>
internal sealed class PackedTrials
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<byte[]> _chunks = [];
    private readonly List<string?> _names = [null];                       // of workers and devices, which are few
    private readonly Dictionary<string, int> _places = [];
    private int _free;

    /// <returns>Where it lies.</returns>
    public long Add(TrialRecord trial)
    {
        using var buffer = new MemoryStream(512);
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        Write(writer, trial);
        writer.Flush();
        var size = (int)buffer.Length;
        if (_chunks.Count == 0 || _free + size > _chunks[^1].Length)
        {
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, size)));
            _free = 0;
        }

        buffer.GetBuffer().AsSpan(0, size).CopyTo(_chunks[^1].AsSpan(_free));
        var at = ((long)(_chunks.Count - 1) << 32) | (uint)_free;
        _free += size;
        return at;
    }

    public TrialRecord At(long place)
    {
        var chunk = _chunks[(int)(place >> 32)];
        var start = (int)(uint)place;
        using var reader = new BinaryReader(new MemoryStream(chunk, start, chunk.Length - start, writable: false), Encoding.UTF8);
        return Read(reader);
    }

    private void Write(BinaryWriter writer, TrialRecord trial)
    {
        writer.Write7BitEncodedInt(trial.Number);
        writer.Write7BitEncodedInt(trial.Configuration);
        writer.Write(trial.Parameters.ToJson());
        writer.Write7BitEncodedInt64(trial.Seed);
        Write(writer, trial.Origin);
        writer.Write((byte)trial.State);
        writer.Write((byte)(trial.Cause is { } cause ? (int)cause + 1 : 0));
        Write(writer, trial.Message);
        writer.Write7BitEncodedInt64(trial.Lease);
        writer.Write7BitEncodedInt(trial.Attempts);
        writer.Write7BitEncodedInt(trial.Failures);
        writer.Write7BitEncodedInt(trial.LossesInARow);
        writer.Write7BitEncodedInt(trial.Epoch);
        Write(writer, trial.Value);
        writer.Write7BitEncodedInt(trial.ValueEpoch ?? -1);
        Write(writer, trial.TestLoss);
        Write(writer, trial.TestAccuracy);
        Write(writer, trial.Checkpoint);
        Write(writer, trial.EarlierCheckpoint);
        writer.Write(trial.Alone);
        WriteName(writer, trial.Worker);
        WriteName(writer, trial.Incarnation);
        WriteName(writer, trial.Device);
        Write(writer, trial.Facts);
        Write(writer, trial.NotBefore);
        writer.Write(trial.Created.UtcTicks);
        Write(writer, trial.Started);
        Write(writer, trial.Finished);
        Write(writer, trial.Granted);
    }

    private TrialRecord Read(BinaryReader reader) => new()
    {
        Number = reader.Read7BitEncodedInt(),
        Configuration = reader.Read7BitEncodedInt(),
        Parameters = ParameterSet.Written(reader.ReadString()),
        Seed = reader.Read7BitEncodedInt64(),
        Origin = ReadText(reader),
        State = (TrialState)reader.ReadByte(),
        Cause = reader.ReadByte() is var cause and > 0 ? (FailureCause)(cause - 1) : null,
        Message = ReadText(reader),
        Lease = reader.Read7BitEncodedInt64(),
        Attempts = reader.Read7BitEncodedInt(),
        Failures = reader.Read7BitEncodedInt(),
        LossesInARow = reader.Read7BitEncodedInt(),
        Epoch = reader.Read7BitEncodedInt(),
        Value = ReadReal(reader),
        ValueEpoch = reader.Read7BitEncodedInt() is var epoch and >= 0 ? epoch : null,
        TestLoss = ReadReal(reader),
        TestAccuracy = ReadReal(reader),
        Checkpoint = ReadCheckpoint(reader),
        EarlierCheckpoint = ReadCheckpoint(reader),
        Alone = reader.ReadBoolean(),
        Worker = _names[reader.Read7BitEncodedInt()],
        Incarnation = _names[reader.Read7BitEncodedInt()],
        Device = _names[reader.Read7BitEncodedInt()],
        Facts = ReadText(reader),
        NotBefore = ReadTime(reader),
        Created = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
        Started = ReadTime(reader),
        Finished = ReadTime(reader),
        Granted = ReadTime(reader),
    };

    private static void Write(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static void Write(BinaryWriter writer, double? value)
    {
        writer.Write(value is not null);
        if (value is { } known)
        {
            writer.Write(known);
        }
    }

    private static void Write(BinaryWriter writer, DateTimeOffset? time)
    {
        writer.Write(time is not null);
        if (time is { } known)
        {
            writer.Write(known.UtcTicks);
        }
    }

    private static void Write(BinaryWriter writer, CheckpointFile? checkpoint)
    {
        writer.Write(checkpoint is not null);
        if (checkpoint is not null)
        {
            writer.Write7BitEncodedInt(checkpoint.Epoch);
            writer.Write7BitEncodedInt(checkpoint.Batch);
            writer.Write(checkpoint.Digest);
            writer.Write7BitEncodedInt64(checkpoint.Bytes);
        }
    }

    private void WriteName(BinaryWriter writer, string? name)
    {
        if (name is null)
        {
            writer.Write7BitEncodedInt(0);
            return;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, name, out var known);
        if (!known)
        {
            place = _names.Count;
            _names.Add(name);
        }

        writer.Write7BitEncodedInt(place);
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static double? ReadReal(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadDouble() : null;

    private static DateTimeOffset? ReadTime(BinaryReader reader) => reader.ReadBoolean() ? new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) : null;

    private static CheckpointFile? ReadCheckpoint(BinaryReader reader) => reader.ReadBoolean()
        ? new CheckpointFile(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.ReadString(), reader.Read7BitEncodedInt64())
        : null;
}
