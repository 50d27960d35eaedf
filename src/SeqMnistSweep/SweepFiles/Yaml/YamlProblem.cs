using SeqMnistSweep.SweepFiles.Diagnostics;
using YamlDotNet.Core;

namespace SeqMnistSweep.SweepFiles.Yaml;

/// <summary>
/// Why a text is not YAML, said at the place a person would look at: the quote or the bracket that is open,
/// rather than where YamlDotNet gave up, which it does not always say.
/// </summary>
/// <param name="lastGood">The last node that was read.</param>
/// <param name="lastQuoted">The last quoted text, with the line of its closing quote.</param>
/// <param name="open">Flow collections that are open, the outermost first.</param>
internal sealed class YamlProblem(SourceText source, SourceSpan lastGood, (SourceSpan Span, int EndLine)? lastQuoted, IReadOnlyList<SourceSpan> open)
{
    public void Explain(Exception problem, DiagnosticBag bag)
    {
        var yaml = problem as YamlException;
        var message = problem.Message.Length > 200 ? problem.Message[..200] : problem.Message;
        var start = yaml is null || yaml.Start.Line <= 0 ? lastGood : source.At(yaml.Start.Line, yaml.Start.Column, 1);
        var quote = start.Line <= source.Lines.Length && start.Column <= source.Lines[start.Line - 1].Length ? source.Lines[start.Line - 1][start.Column - 1] : ' ';
        if (yaml is not null && quote is '"' or '\'' && message.Contains("quoted scalar", StringComparison.OrdinalIgnoreCase))
        {
            bag.Error(DiagnosticCodes.UnclosedQuote, start, "YAML: this quote is never closed", help: $"close it with {quote}");
        }
        else if (lastQuoted is var (span, endLine) && span.Line != endLine && start.Line <= endLine + 1)
        {
            bag.Error(DiagnosticCodes.UnclosedQuote, span, $"YAML: this quote is not closed on its line but on line {endLine}, which breaks what follows", help: "close it where the text ends");
        }
        else if (open.Count > 0 && source.Unclosed(open[0]) is var (bracket, opened))
        {
            bag.Error(DiagnosticCodes.UnclosedBracket, opened, $"YAML: this '{bracket}' is never closed", $"the reader gave up on line {start.Line}", $"close it with '{(bracket == '[' ? ']' : '}')}', and put a comma between its items");
        }
        else
        {
            bag.Error(DiagnosticCodes.NotYaml, start, "YAML: " + message.Replace('\n', ' '));
        }
    }
}
