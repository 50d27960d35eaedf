namespace SeqMnistSweep.SearchSpaces;

/// <summary>The name that was probably meant: the candidate with the fewest edits, if they are few for its length.</summary>
public static class NearestName
{
    private const int MaxCompared = 64;

    /// <summary>A name is sought among so many; a file may have a hundred thousand.</summary>
    private const int MaxCandidates = 1000;

    /// <summary>The candidate that was most likely meant; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxCompared) return null;

        var allowed = Math.Max(1, name.Length / 3);
        return candidates
            .Take(MaxCandidates)
            .Where(candidate => candidate != name && candidate.Length <= MaxCompared)
            .Select(candidate => (candidate, edits: Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.edits <= allowed)
            .OrderBy(pair => pair.edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>"did you mean 'x'?", or the names there are when none is near.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> candidates) =>
        Of(name, candidates) is { } nearest ? $"did you mean '{nearest}'?" : "there are: " + string.Join(", ", candidates);

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int Edits(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var substituted = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(substituted, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
