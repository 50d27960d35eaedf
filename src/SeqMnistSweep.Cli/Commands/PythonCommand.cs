using System.Text;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Cli.Commands;

internal sealed class PythonCommand : Verb
{
    public PythonCommand(CommonOptions options)
        : base(
            "python", "print seqsweep.py, a module for Python programs", "Setup",
            ("seqsweep python > seqsweep.py", "one file on the standard library; a trial finds it without that"),
            ("seqsweep python | head -40", "what it is for, in its own words")) =>
        SetAction(_ => options.Context.Out.Write(Encoding.UTF8.GetString(PythonSources.All[PythonSources.Module].AsSpan())));
}
