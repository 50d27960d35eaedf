using System.Text;

namespace SeqMnistSweep.Cli.Plots;

/// <summary>What a dot belongs to; where several meet in a cell the last one gives it its colour.</summary>
internal enum Layer
{
    Quiet,
    Plain,
    Strong,
}

/// <summary>Dots in text, eight to a cell in braille, one in ASCII. Coordinates are 0 to 1 from the lower left, others not drawn.</summary>
internal sealed class Canvas(int width, int height, bool unicode)
{
    private const char Braille = '\u2800';

    /// <summary>Bits of a braille pattern by row from above and column.</summary>
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
    private static readonly char[] Ascii = ['.', '*', '#'];

    private readonly int[,] _dots = new int[height, width];
    private readonly Layer?[,] _layers = new Layer?[height, width];

    public int Width => width;

    public int Height => height;

    private int Columns => unicode ? width * 2 : width;

    private int Rows => unicode ? height * 4 : height;

    public void Dot(double x, double y, Layer layer)
    {
        if (x is >= 0 and <= 1 && y is >= 0 and <= 1)
        {
            Set((int)Math.Round(x * (Columns - 1)), Rows - 1 - (int)Math.Round(y * (Rows - 1)), layer);
        }
    }

    /// <summary>A straight line; with an end outside of the rectangle nothing is drawn.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, Layer layer)
    {
        var steps = (int)Math.Ceiling(Math.Max(Math.Abs(to.X - from.X) * Columns, Math.Abs(to.Y - from.Y) * Rows)) + 1;
        for (var i = 0; i <= steps; i++)
        {
            var share = (double)i / steps;
            Dot(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)), layer);
        }
    }

    /// <summary>One line of text, from above.</summary>
    public string Row(int row, bool colour)
    {
        var text = new StringBuilder();
        var current = Layer.Plain;
        for (var column = 0; column < width; column++)
        {
            if (colour && _layers[row, column] is { } layer && layer != current)
            {
                text.Append(layer switch { Layer.Quiet => "\u001b[2m", Layer.Strong => "\u001b[0;32m", _ => "\u001b[0m" });
                current = layer;
            }

            text.Append(_dots[row, column] == 0 ? ' ' : unicode ? (char)(Braille + _dots[row, column]) : Ascii[(int)_layers[row, column]!]);
        }

        return text.ToString().TrimEnd() + (current == Layer.Plain ? "" : "\u001b[0m");
    }

    private void Set(int column, int row, Layer layer)
    {
        var (x, y) = unicode ? (column / 2, row / 4) : (column, row);
        _dots[y, x] |= unicode ? Bits[row % 4, column % 2] : 1;
        _layers[y, x] = _layers[y, x] is { } there && there > layer ? there : layer;
    }
}
