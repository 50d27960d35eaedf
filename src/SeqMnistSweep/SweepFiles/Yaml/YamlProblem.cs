using SeqMnistSweep.SweepFiles.Diagnostics;
using YamlDotNet.Core;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>Why a text is not YAML, said at the place a person would look at: the quote or the bracket that is open, rather than where
/// YamlDotNet gave up, which it does not always say.</summary>
/// <param name="lastGood">The last node that was read.</param>
/// <param name="lastQuoted">The last quoted text, with the line of its closing quote.</param>
/// <param name="open">Flow collections that are open, the outermost first.</param>
internal sealed class YamlProblem(
    SourceText source, SourceSpan lastGood, (SourceSpan Span, int EndLine)? lastQuoted, IReadOnlyList<SourceSpan> open)
{
    private const string Escapes = "0abt\tnvfre \"/\\N_LPxuU";

    public void Explain(Exception problem, DiagnosticBag bag)
    {
        var yaml = problem as YamlException;
        var message = problem.Message.Length > 200 ? problem.Message[..200] : problem.Message;
        var start = yaml is null || yaml.Start.Line <= 0 ? lastGood : source.At(yaml.Start.Line, yaml.Start.Column, 1);
        var quote = start.Line <= source.Lines.Length && start.Column <= source.Lines[start.Line - 1].Length
            ? source.Lines[start.Line - 1][start.Column - 1]
            : ' ';
        if (quote == '"' && BadEscape(message, start) is var (place, escape))
        {
            bag.Error(DiagnosticCodes.NotYaml, place, $"YAML: '{escape}' means nothing in double quotes",
                help: "write \\\\ for a backslash, or use single quotes");
        }
        else if (yaml is not null && quote is '"' or '\'' && message.Contains("quoted scalar", StringComparison.OrdinalIgnoreCase))
        {
            bag.Error(DiagnosticCodes.UnclosedQuote, start, "YAML: this quote is never closed", help: $"close it with {quote}");
        }
        else if (lastQuoted is var (span, endLine) && span.Line != endLine && start.Line <= endLine + 1)
        {
            bag.Error(DiagnosticCodes.UnclosedQuote, span,
                $"YAML: this quote is not closed on its line but on line {endLine}, which breaks what follows",
                help: "close it where the text ends");
        }
        else if (open.Count > 0 && source.Unclosed(open[0]) is var (bracket, opened))
        {
            bag.Error(DiagnosticCodes.UnclosedBracket, opened, $"YAML: this '{bracket}' is never closed",
                $"the reader gave up on line {start.Line}",
                $"close it with '{(bracket == '[' ? ']' : '}')}', and put a comma between its items");
        }
        else
        {
            bag.Error(DiagnosticCodes.NotYaml, start, "YAML: " + message.Replace('\n', ' '), help: Help(message, quote));
        }
    }

    /// <summary>The escape unknown to YAML: YamlDotNet points at the quote before it. People get escapes of one letter wrong.</summary>
    private (SourceSpan Span, string Escape)? BadEscape(string message, SourceSpan start)
    {
        if (!message.Contains("escape", StringComparison.OrdinalIgnoreCase)
            && !message.Contains("quoted scalar", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var line = source.Lines[start.Line - 1];
        for (var i = line.IndexOf('\\', start.Column - 1); i >= 0 && i + 1 < line.Length; i = line.IndexOf('\\', i + 2))
        {
            var length = line[i + 1] switch { 'x' => 4, 'u' => 6, 'U' => 10, _ => 2 };
            var escape = line.Substring(i, Math.Min(length, line.Length - i));
            var digits = escape.Length > 2 ? escape[2..] : "";
            var known = Escapes.Contains(line[i + 1]) && escape.Length == length && digits.All(char.IsAsciiHexDigit)
                && !(length == 6 && char.IsSurrogate((char)Convert.ToInt32(digits, 16)));
            if (!known) return (source.At(start.Line, i + 1, escape.Length), escape);
        }

        return null;
    }

    /// <summary>What usually lies behind a complaint of YamlDotNet's.</summary>
    private static string? Help(string message, char at) => message switch
    {
        _ when message.Contains("cannot start any token", StringComparison.Ordinal) => $"put the text into quotes: '{at}' cannot begin one",
        _ when message.Contains("invalid mapping", StringComparison.Ordinal) => "put a text that holds ': ' into quotes",
        _ when message.Contains("did not find expected key", StringComparison.Ordinal) => "keys of one mapping begin in the same column",
        _ when message.Contains("incompatible YAML document", StringComparison.Ordinal) =>
            "remove the %YAML line: files are read by version 1.2",
        _ => null,
    };
}
