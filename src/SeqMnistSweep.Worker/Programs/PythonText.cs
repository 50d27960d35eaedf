using System.Globalization;
using System.Text;
using SeqMnistSweep.SearchSpaces;

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

    /// <summary>Python writes an exponent from 1e16 on, .NET from 1e15; a real shows a point or an exponent.</summary>
    private static string Real(double value)
    {
        var text = Math.Abs(value) is >= 1e15 and < 1e16 ? value.ToString("0.0", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
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
