using System.Runtime.CompilerServices;
using System.Text;

namespace SeqMnistSweep.Scheduling;

/// <summary>Trials as bytes: whole, and about a tenth of what they take as objects. A sweep of a million is kept so in some 200 MB that the
/// garbage collector need not walk. What is added stays; a trial that is added again takes new room.</summary>
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
        using var writer = new Writer(buffer, _names, _places);
        TrialColumns.Pass(writer, trial);
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
        using var reader = new Reader(new MemoryStream(chunk, start, chunk.Length - start, writable: false), _names);
        return TrialColumns.Pass(reader, TrialRecord.Blank);
    }

    /// <summary>Whether an optional value is there, then the value.</summary>
    private sealed class Writer(Stream stream, List<string?> names, Dictionary<string, int> places)
        : BinaryWriter(stream, Encoding.UTF8), ITrialColumns
    {
        private long _first;

        public int Integer(string column, int value)
        {
            Write7BitEncodedInt(value);
            return value;
        }

        public long Long(string column, long value)
        {
            Write7BitEncodedInt64(value);
            return value;
        }

        public int? OptionalInteger(string column, int? value)
        {
            Write7BitEncodedInt(value ?? -1);
            return value;
        }

        public double? Real(string column, double? value)
        {
            Write(value is not null);
            if (value is { } known)
            {
                Write(known);
            }

            return value;
        }

        public bool Flag(string column, bool value)
        {
            Write(value);
            return value;
        }

        public string? Text(string column, string? value)
        {
            Write(value is not null);
            if (value is not null)
            {
                Write(value);
            }

            return value;
        }

        public string? Name(string column, string? value)
        {
            var place = 0;
            if (value is not null && !places.TryGetValue(value, out place))
            {
                place = places[value] = names.Count;
                names.Add(value);
            }

            Write7BitEncodedInt(place);
            return value;
        }

        public T? Choice<T>(string column, T? value)
            where T : struct, Enum
        {
            Write((byte)(value is { } known ? Unsafe.BitCast<T, int>(known) + 1 : 0));
            return value;
        }

        /// <summary>As the time since the first one, which is a small number, with its sign in the lowest bit.</summary>
        public DateTimeOffset? Time(string column, DateTimeOffset? value)
        {
            var since = (value?.UtcTicks ?? _first) - _first;
            Write7BitEncodedInt64(value is null ? 0 : ((since << 1) ^ (since >> 63)) + 1);
            _first = _first == 0 ? since : _first;
            return value;
        }

        public ParameterSet Parameters(string column, ParameterSet value)
        {
            Write(value.ToJson());
            return value;
        }

        public CheckpointFile? Checkpoint(string column, CheckpointFile? value)
        {
            Write(value is not null);
            if (value is not null)
            {
                Write7BitEncodedInt(value.Epoch);
                Write7BitEncodedInt(value.Batch);
                Write(value.Digest);
                Write7BitEncodedInt64(value.Bytes);
                Text("", value.Name);
            }

            return value;
        }

        public CheckpointFile? KeptCheckpoint(CheckpointFile? value) => Checkpoint("", value);
    }

    private sealed class Reader(Stream stream, List<string?> names) : BinaryReader(stream, Encoding.UTF8), ITrialColumns
    {
        private long _first;

        public int Integer(string column, int value) => Read7BitEncodedInt();

        public long Long(string column, long value) => Read7BitEncodedInt64();

        public int? OptionalInteger(string column, int? value) => Read7BitEncodedInt() is var number and >= 0 ? number : null;

        public double? Real(string column, double? value) => ReadBoolean() ? ReadDouble() : null;

        public bool Flag(string column, bool value) => ReadBoolean();

        public string? Text(string column, string? value) => ReadBoolean() ? ReadString() : null;

        public string? Name(string column, string? value) => names[Read7BitEncodedInt()];

        public T? Choice<T>(string column, T? value)
            where T : struct, Enum => ReadByte() is var number and > 0 ? Unsafe.BitCast<int, T>(number - 1) : null;

        public DateTimeOffset? Time(string column, DateTimeOffset? value)
        {
            if (Read7BitEncodedInt64() - 1 is not (>= 0 and var since)) return null;

            var time = new DateTimeOffset(_first + ((since >> 1) ^ -(since & 1)), TimeSpan.Zero);
            _first = _first == 0 ? time.Ticks : _first;
            return time;
        }

        public ParameterSet Parameters(string column, ParameterSet value) => ParameterSet.Written(ReadString());

        public CheckpointFile? Checkpoint(string column, CheckpointFile? value) => !ReadBoolean() ? null : new CheckpointFile(
            Read7BitEncodedInt(), Read7BitEncodedInt(), ReadString(), Read7BitEncodedInt64(), Text("", null));

        public CheckpointFile? KeptCheckpoint(CheckpointFile? value) => Checkpoint("", value);
    }
}
