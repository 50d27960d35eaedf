namespace SeqMnistSweep.Cli.Plots;

/// <summary>A canvas between its axes: the largest and smallest values at the left, the ends of the horizontal axis below.</summary>
internal sealed class PlotFrame
{
    private const int Margin = 10;
    private const int Narrowest = 20;

    private readonly ConsoleProfile _profile;
    private readonly Scale _y;

    public PlotFrame(ConsoleProfile profile, int height, Scale y)
    {
        _profile = profile;
        _y = y;
        Canvas = new Canvas(Math.Max(Narrowest, (profile.Width ?? 80) - Margin - 2), height, profile.Unicode);
    }

    public Canvas Canvas { get; }

    /// <param name="below">Labels along the horizontal axis, each with its place from 0 to 1.</param>
    public void Write(TextWriter writer, string title, params IReadOnlyList<(double At, string Text)> below)
    {
        writer.WriteLine(_profile.Bold(TableOutput.Plain(title)));
        for (var row = 0; row < Canvas.Height; row++)
        {
            var label = row == 0 ? Cell.Number(_y.High) : row == Canvas.Height - 1 ? Cell.Number(_y.Low) : "";
            var margin = label[..Math.Min(label.Length, Margin - 1)].PadLeft(Margin - 1);
            writer.WriteLine($"{margin} {(_profile.Unicode ? '│' : '|')}{Canvas.Row(row, _profile.Colour)}".TrimEnd());
        }

        var (corner, edge) = _profile.Unicode ? ('└', '─') : ('+', '-');
        writer.WriteLine(new string(' ', Margin) + corner + new string(edge, Canvas.Width));
        writer.WriteLine(Labels(below).TrimEnd());
    }

    /// <summary>Each label centred at its place, as far as there is room; one that would touch another is left out.</summary>
    private string Labels(IReadOnlyList<(double At, string Text)> labels)
    {
        var line = new string(' ', Margin + 1 + Canvas.Width).ToCharArray();
        // The ends first: they tell more than what is between.
        foreach (var (at, text) in labels.OrderByDescending(label => Math.Abs(label.At - 0.5)))
        {
            var plain = TableOutput.Plain(text);
            plain = plain[..Math.Min(plain.Length, Canvas.Width)];
            var start = Margin + 1 + Math.Clamp(
                (int)Math.Round(at * (Canvas.Width - 1)) - (plain.Length / 2), 0, Canvas.Width - plain.Length);
            if (Enumerable.Range(start - 1, plain.Length + 2).All(i => i >= line.Length || i < Margin || line[i] == ' '))
            {
                plain.CopyTo(0, line, start, plain.Length);
            }
        }

        return new string(line);
    }
}
