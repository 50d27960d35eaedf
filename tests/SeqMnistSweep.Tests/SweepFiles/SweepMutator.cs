using System.Text;

namespace SeqMnistSweep.Tests.SweepFiles;

/// <summary>Sweep files made from good and bad ones by random harm: file number n is the same every time.</summary>
internal sealed class SweepMutator(IReadOnlyList<string> corpus)
{
    private const int TenMegabytes = 10_000_000;

    private static readonly string[] Pieces =
    [
        "&a", "*a", "<<: *a", "!!str", "!!float", "!x", "? ", ": ", "- ", "[", "]", "{", "}", ",", "|\n", ">-\n", "\"", "'", "#", "---\n", "...\n", "%YAML 1.1\n", "\t", "\r\n", "\0", "\uFEFF", "\uD800", "é", "😀",
        "null", "~", "yes", ".nan", ".inf", "-.inf", "1e999", "-1e999", "1e-400", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "0x7FFFFFFFFFFFFFFF", "0o777", "0", "-1", "1.0", "1e-4",
        "distribution: q_uniform", "distribution: beta", "distribution: log_uniform", "parameters:", "values: []", "min: 0", "max: 1e308", "q: 1e-300", "probabilities: [1]", "when: {lr: 1}", "run_cap: 1",
        "method: grid", "method: random", "require: 1 / 0 > x", "derived: {a: a}", "zip: [[lr, lr]]", "enqueue: [{}]", "seeds: {count: 10000}", "${args}", "{x}", "a if a else a", "2 ** 2 ** 2 ** 2 ** 2 ** 9",
    ];

    public string Make(int number)
    {
        var random = new Random(number);
        var text = new StringBuilder(Pick(random, corpus));
        if (random.Next(500) == 0)
        {
            return Huge(random, text.ToString());
        }

        for (var harm = random.Next(1, 4); harm > 0; harm--)
        {
            Harm(random, text);
        }

        return text.ToString();
    }

    private void Harm(Random random, StringBuilder text)
    {
        var at = random.Next(text.Length + 1);
        var length = random.Next(Math.Min(40, text.Length - at) + 1);
        switch (random.Next(9))
        {
            case 0:
                text.Remove(at, length);
                break;
            case 1:
                text.Insert(at, Pick(random, Pieces));
                break;
            case 2:
                var piece = text.ToString(at, length);
                text.Insert(random.Next(text.Length + 1), piece);
                break;
            case 3 when text.Length > 0:
                text[Math.Min(at, text.Length - 1)] = (char)random.Next(32, 127);
                break;
            case 4:
                ReplaceWord(random, text);
                break;
            case 5:
                MoveLine(random, text);
                break;
            case 6:
                var other = Pick(random, corpus);
                var from = random.Next(other.Length + 1);
                text.Insert(at, other[from..Math.Min(other.Length, from + random.Next(400))]);
                break;
            case 7:
                var repeated = text.ToString(at, length);
                text.Insert(at, new StringBuilder().Insert(0, repeated, random.Next(2, 200)));
                break;
            default:
                text.Length = random.Next(10) == 0 ? at : text.Length;
                break;
        }
    }

    private static void ReplaceWord(Random random, StringBuilder text)
    {
        var words = text.ToString().Split(' ');
        words[random.Next(words.Length)] = Pick(random, Pieces);
        text.Clear().AppendJoin(' ', words);
    }

    private static void MoveLine(Random random, StringBuilder text)
    {
        var lines = text.ToString().Split('\n').ToList();
        var line = lines[random.Next(lines.Count)];
        lines.Insert(random.Next(lines.Count + 1), new string(' ', random.Next(5)) + line.TrimStart());
        text.Clear().AppendJoin('\n', lines);
    }

    /// <summary>What takes memory and stack: bombs, depths, scalars of ten megabytes.</summary>
    private static string Huge(Random random, string text) => random.Next(7) switch
    {
        0 => text + "\nx-big: " + new string('x', TenMegabytes),
        1 => text + "\nx-big: \"" + string.Concat(Enumerable.Repeat("\\u0041", 300_000)) + "\"",
        2 => text + "\nx-big: |\n" + string.Concat(Enumerable.Repeat("  a line of text\n", 100_000)),
        3 => text + "\nx-deep: " + string.Concat(Enumerable.Repeat(random.Next(2) == 0 ? "[" : "{a: ", random.Next(10, 400_000))),
        4 => text + "\nx-0: &b0 [1, 1, 1, 1, 1, 1, 1, 1]\n" + string.Concat(Enumerable.Range(1, random.Next(2, 40)).Select(i => $"x-{i}: &b{i} [{string.Join(", ", Enumerable.Repeat($"*b{i - 1}", 8))}]\n")),
        5 => text + "\nx-m0: &m0 {a: 1}\n" + string.Concat(Enumerable.Range(1, 2000).Select(i => $"x-m{i}: &m{i} {{<<: *m{i - 1}, k{i}: 1}}\n")),
        _ => text + "\ntags: [" + string.Join(", ", Enumerable.Repeat("a", random.Next(1000, 600_000))) + "]",
    };

    private static T Pick<T>(Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];
}
