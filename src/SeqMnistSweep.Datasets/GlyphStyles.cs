namespace SeqMnistSweep.Datasets;

/// <summary>A stroke: the knots of smooth pieces; two pieces meet in a corner.</summary>
internal sealed record GlyphStroke(GlyphPoint[][] Pieces);

/// <summary>A point; in styles the box is 100 units wide and high, y downwards, in images the unit is a pixel.</summary>
internal readonly record struct GlyphPoint(double X, double Y);

/// <summary>The ways the ten digits are written: to add one, add a line.</summary>
internal static class GlyphStyles
{
    /// <summary>Per digit its styles. A style's strokes are parted by ';', a stroke's knots are "x,y", and a knot after '|' starts a new
    /// smooth piece at the knot before it (a corner).</summary>
    private static readonly string[][] Sources =
    [
        [
            "50,0 26,18 19,50 27,82 50,100 74,82 81,50 74,18 50,0",
            "60,3 36,8 20,36 22,70 42,98 66,90 80,56 73,20 52,4 42,9",
            "44,4 28,24 26,66 44,98 64,92 72,60 68,22 52,2 42,6",
        ],
        [
            "50,0 50,50 50,100",
            "34,22 | 54,0 | 54,100",
            "34,20 | 52,0 | 52,100 ; 32,100 | 74,100",
        ],
        [
            "22,22 40,2 66,6 74,28 56,60 22,98 | 50,95 82,98",
            "24,22 44,0 72,12 68,46 42,82 24,92 22,80 40,80 60,95 84,90",
            "20,10 54,2 76,18 64,46 20,100 | 80,100",
        ],
        [
            "24,12 50,0 72,16 64,38 42,47 | 68,52 78,76 56,99 22,90",
            "24,4 | 74,4 | 46,42 | 70,52 78,76 56,100 22,88",
            "22,16 44,0 70,12 62,38 44,48 48,46 74,58 74,88 46,100 20,84",
        ],
        [
            "30,0 27,30 22,58 | 80,55 ; 66,14 64,50 62,100",
            "62,0 | 18,66 | 84,66 ; 62,0 | 62,100",
            "26,4 23,36 36,54 58,50 70,34 ; 74,2 70,40 66,100",
        ],
        [
            "76,2 | 34,2 | 29,42 | 54,36 77,56 72,86 48,100 22,90",
            "78,5 46,3 32,22 40,42 64,52 76,74 58,97 22,93",
            "34,6 | 30,44 | 52,37 77,54 73,86 48,100 22,90 ; 34,4 | 82,0",
        ],
        [
            "66,0 38,24 24,62 34,94 60,99 75,78 60,58 36,64 26,78",
            "60,0 38,42 26,78 46,100 72,86 66,60 42,62 28,82",
            "72,8 46,4 24,40 24,80 48,100 74,84 66,56 40,56 25,74",
        ],
        [
            "20,6 | 78,4 | 44,100",
            "20,6 | 80,4 | 42,100 ; 34,52 | 72,48",
            "20,18 22,4 | 50,8 80,3 | 56,46 46,100",
        ],
        [
            "72,14 48,0 28,16 40,40 66,58 75,80 50,100 25,82 36,58 62,40 72,14",
            "50,0 30,10 30,36 50,46 70,36 70,10 50,0 ; 50,46 26,60 26,90 50,100 74,90 74,60 50,46",
            "66,6 36,4 30,28 60,50 76,78 52,100 26,84 38,58 70,34 66,6",
        ],
        [
            "72,16 50,0 28,16 30,42 54,47 72,20 | 70,58 64,100",
            "72,28 48,46 28,28 42,2 68,8 74,36 68,74 40,100 26,92",
            "66,8 40,4 28,28 44,46 66,34 70,6 | 71,50 70,100",
        ],
    ];

    public static readonly GlyphStroke[][][] ByDigit = [.. Sources.Select(styles => styles.Select(ParseStyle).ToArray())];

    private static GlyphStroke[] ParseStyle(string style) => [.. style.Split(';').Select(ParseStroke)];

    private static GlyphStroke ParseStroke(string stroke)
    {
        var pieces = new List<GlyphPoint[]>();
        foreach (var text in stroke.Split('|'))
        {
            var knots = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseKnot);
            pieces.Add([.. pieces.Count == 0 ? knots : knots.Prepend(pieces[^1][^1])]);
        }

        return new GlyphStroke([.. pieces]);
    }

    private static GlyphPoint ParseKnot(string text)
    {
        var place = text.Split(',');
        return new GlyphPoint(int.Parse(place[0], CultureInfo.InvariantCulture), int.Parse(place[1], CultureInfo.InvariantCulture));
    }
}
