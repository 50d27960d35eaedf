namespace SeqMnistSweep.Trainables;

/// <summary>Functions with known minima on which searches are compared. All are minimised.</summary>
public static class TestFunctions
{
    private static readonly double[,] HartmannA =
    {
        { 10, 3, 17, 3.5, 1.7, 8 },
        { 0.05, 10, 17, 0.1, 8, 14 },
        { 3, 3.5, 1.7, 10, 17, 8 },
        { 17, 8, 0.05, 10, 0.1, 14 },
    };

    private static readonly double[,] HartmannP =
    {
        { 0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886 },
        { 0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991 },
        { 0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650 },
        { 0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381 },
    };

    private static readonly double[] HartmannAlpha = [1.0, 1.2, 3.0, 3.2];

    /// <summary>The function of that name, or null when <paramref name="program"/> names none.</summary>
    public static Func<ParameterSet, double>? Find(string program) => program switch
    {
        "branin" => Branin,
        "hartmann6" => Hartmann6,
        "ackley5" => point => Ackley(Coordinates(point, 5)),
        "rosenbrock4" => point => Rosenbrock(Coordinates(point, 4)),
        "mixed" => Mixed,
        "noop" => _ => 0,
        _ => null,
    };

    /// <summary>Minimum 0.397887 at (-pi, 12.275), (pi, 2.275) and (9.42478, 2.475) (Branin 1972).</summary>
    private static double Branin(ParameterSet point)
    {
        var x = Coordinates(point, 2);
        var b = 5.1 / (4 * Math.PI * Math.PI);
        var parabola = x[1] - (b * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6;
        return (parabola * parabola) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0])) + 10;
    }

    /// <summary>Minimum -3.32237 at (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573) (Dixon, Szego 1978).</summary>
    private static double Hartmann6(ParameterSet point)
    {
        var x = Coordinates(point, 6);
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
        {
            var inner = 0.0;
            for (var j = 0; j < 6; j++)
            {
                var distance = x[j] - HartmannP[i, j];
                inner += HartmannA[i, j] * distance * distance;
            }

            sum += HartmannAlpha[i] * Math.Exp(-inner);
        }

        return -sum;
    }

    /// <summary>Minimum 0 at the origin (Ackley 1987).</summary>
    private static double Ackley(double[] x) =>
        (-20 * Math.Exp(-0.2 * Math.Sqrt(x.Sum(v => v * v) / x.Length))) - Math
            .Exp(x.Sum(v => Math.Cos(2 * Math.PI * v)) / x.Length) + 20 + Math.E;

    /// <summary>Minimum 0 at (1, 1, ...) (Rosenbrock 1960).</summary>
    private static double Rosenbrock(double[] x)
    {
        var sum = 0.0;
        for (var i = 0; i + 1 < x.Length; i++)
        {
            var bend = x[i + 1] - (x[i] * x[i]);
            sum += (100 * bend * bend) + ((1 - x[i]) * (1 - x[i]));
        }

        return sum;
    }

    /// <summary>The TCN in miniature: reals, integers and choices. Minimum 0 at lr 3e-3, levels 8, kernel_size 7, dropout 0.05,
    /// Adam.</summary>
    private static double Mixed(ParameterSet point)
    {
        var lr = Math.Log10(Number(point, "lr")) - Math.Log10(3e-3);
        var levels = Number(point, "levels") - 8;
        var dropout = Number(point, "dropout") - 0.05;
        var optimizer = point["optimizer"]?.AsText() switch { "Adam" or null => 0, "AdamW" => 0.05, "RMSprop" => 0.3, _ => 1.0 };
        return (lr * lr) + (0.1 * levels * levels) + (0.15 * Math
            .Abs(Number(point, "kernel_size") - 7)) + (4 * dropout * dropout) + optimizer;
    }

    private static double[] Coordinates(ParameterSet point, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Number(point, $"x{i}"))];

    private static double Number(ParameterSet point, string name) =>
        (point[name] ?? throw new ArgumentException($"the parameter '{name}' is missing", nameof(point))).AsReal();
}
