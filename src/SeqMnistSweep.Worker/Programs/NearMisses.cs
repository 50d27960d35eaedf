using SeqMnistSweep.Outside;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>What a program has said of the metric other than by a report of an epoch: told when its trial has none.</summary>
internal sealed class NearMisses(string metric)
{
    private const int MaxShown = 120;

    private const int MaxNames = 20;

    private readonly object _gate = new();
    private readonly SortedSet<string> _ofSteps = new(StringComparer.Ordinal);
    private int _lines;
    private string _first = "";

    /// <summary>Null for nothing.</summary>
    public string? Hint
    {
        get
        {
            lock (_gate)
            {
                string?[] said =
                [
                    _ofSteps.Count == 0 ? null : $"its steps have {string.Join(", ", _ofSteps)}"
                        + (NearestName.Of(metric, [.. _ofSteps]) is { } nearest ? $"; did you mean {nearest}?" : ""),
                    _lines == 0 ? null
                        : $"named in {Plural.Of(_lines, "line")} that only a metrics_pattern could read, the first {_first}",
                ];
                return said.Any(part => part is not null) ? string.Join("; ", said.Where(part => part is not null)) : null;
            }
        }
    }

    public void SeeStep(IEnumerable<string> names)
    {
        lock (_gate)
        {
            _ofSteps.UnionWith(names.Take(MaxNames - _ofSteps.Count));
        }
    }

    /// <summary>A line of the log.</summary>
    public void See(string line, bool isError)
    {
        if (!NamesMetric(line)) return;

        lock (_gate)
        {
            if (_lines++ == 0)
            {
                var shown = OutsideText.Shorten(OutsideText.OnOneLine(line.Trim()), MaxShown);
                _first = $"on standard {(isError ? "error" : "output")}: {shown}";
            }
        }
    }

    /// <summary>Whether the metric is in it, and a number after that.</summary>
    private bool NamesMetric(string line)
    {
        var at = line.IndexOf(metric, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && line.AsSpan(at + metric.Length).ContainsAnyInRange('0', '9');
    }
}
