using System.Text;

namespace SeqMnistSweep.Worker.Programs;

/// <summary>A value as Python's <c>repr</c> shows it: <c>ast.literal_eval</c> reads it back.</summary>
internal static class PythonText
{
    public static string Of(ParameterValue value) => value.Kind switch
    {
        ParameterKind.Null => "None",
        ParameterKind.Boolean => value.AsBoolean() ? "True" : "False",
        ParameterKind.Real => Real(value.AsReal()),
        ParameterKind.Text => Quoted(value.AsText()),
        ParameterKind.List => $"[{string.Join(", ", value.AsList().Select(Of))}]",
        ParameterKind.Map => $"{{{string.Join(", ", value.AsMap().Select(item => $"{Quoted(item.Key)}: {Of(item.Value)}"))}}}",
        _ => value.ToString(),
    };

    /// <summary>The shortest digits that read back as the value; with an exponent below 1e-4 and from 1e16 on, as in Python.</summary>
    private static string Real(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        if (!double.IsFinite(value) || value == 0) return value == 0 ? shortest + ".0" : shortest;

        var parts = shortest.TrimStart('-').Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal) is >= 0 and var found ? found : parts[0].Length;
        var all = parts[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.Trim('0');
        var exponent = point - 1 - (all.Length - all.TrimStart('0').Length) + (
            parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var text = exponent switch
        {
            < -4 or >= 16 => $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}"
                + $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}",
            < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
            _ when digits.Length <= exponent + 1 => $"{digits.PadRight(exponent + 1, '0')}.0",
            _ => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
        };
        return value < 0 ? "-" + text : text;
    }

    private static string Quoted(string text)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var shown = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            shown.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => $"\\{c}",
                _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        }

        return shown.Append(quote).ToString();
    }
}
