using System.Text;
using System.Text.Json;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Cli.Imports;

/// <summary>A dictionary as Python prints it, which is what pandas writes into a cell; JSON is one as well.</summary>
internal static class PythonLiteral
{
    /// <summary>Null for a text that is none.</summary>
    public static ParameterValue? Map(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{', ..]) return null;

        foreach (var json in (ReadOnlySpan<string>)[PythonJson.Quoted(text), Json(text)])
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                return ParameterValue.FromJson(document.RootElement);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
            {
                // The other spelling, or none.
            }
        }

        return null;
    }

    private static string Json(string text)
    {
        var json = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] is '\'' or '"')
            {
                json.Append(JsonSerializer.Serialize(Text(text, ref at)));
            }
            else if (char.IsLetter(text[at]))
            {
                var begin = at;
                while (at < text.Length && char.IsLetterOrDigit(text[at]))
                {
                    at++;
                }

                json.Append(Word(text[begin..at], json));
            }
            else
            {
                json.Append(text[at] switch { '(' => '[', ')' => ']', var letter => letter });
                at++;
            }
        }

        return json.ToString();
    }

    /// <param name="before">Ends with the digits of a number whose exponent the word is.</param>
    private static string Word(string word, StringBuilder before) => word switch
    {
        "True" => "true",
        "False" => "false",
        "None" => "null",
        "nan" => "\"NaN\"",
        "inf" when before.Length > 0 && before[^1] == '-' => Negative(before),
        "inf" => "\"Infinity\"",
        _ => word,
    };

    private static string Negative(StringBuilder before)
    {
        before.Length--;
        return "\"-Infinity\"";
    }

    private static string Text(string text, ref int at)
    {
        var (quote, content) = (text[at], new StringBuilder());
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                content.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var letter => letter });
            }
            else
            {
                content.Append(text[at]);
            }
        }

        at++;
        return content.ToString();
    }
}
