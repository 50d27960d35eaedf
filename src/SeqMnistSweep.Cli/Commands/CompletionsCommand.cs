namespace SeqMnistSweep.Cli.Commands;

internal sealed class CompletionsCommand : Verb
{
    private readonly Argument<string> _shell = Positional<string>("shell", "SHELL", "bash, zsh, fish or powershell");

    public CompletionsCommand(CommonOptions options)
        : base("completions", "what a shell runs to complete verbs, options and ids", "Setup",
            ("seqsweep completions bash >> ~/.bash_completion", "for new shells"),
            ("seqsweep completions zsh > ~/.zfunc/_seqsweep", "where fpath has ~/.zfunc before compinit"),
            ("seqsweep completions fish > ~/.config/fish/completions/seqsweep.fish", "for new shells"),
            ("seqsweep completions powershell >> $PROFILE", "for new shells"))
    {
        _shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        this.Takes(_shell);
        SetAction(parsed => options.Context.Out.Write(Scripts[parsed.GetValue(_shell)!]));
    }

    /// <summary>Every one asks the program itself: <c>seqsweep "[suggest:POSITION]" LINE</c> prints a candidate a line.</summary>
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] =
            """
            _seqsweep() {
              local IFS=$'\n'
              COMPREPLY=($(seqsweep "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null))
            }
            complete -o default -F _seqsweep seqsweep

            """,
        ["zsh"] =
            """
            #compdef seqsweep
            _seqsweep() {
              local -a found
              found=("${(@f)$(seqsweep "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              if [[ -n ${found[1]} ]]; then compadd -- $found; else _files; fi
            }
            if [[ $funcstack[1] == _seqsweep ]]; then _seqsweep "$@"; else compdef _seqsweep seqsweep; fi

            """,
        ["fish"] =
            """
            function __seqsweep
              set -l line (commandline -cp)
              seqsweep "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c seqsweep -a '(__seqsweep)'

            """,
        ["powershell"] =
            """
            Register-ArgumentCompleter -Native -CommandName seqsweep -ScriptBlock {
              param($word, $ast, $position)
              seqsweep "[suggest:$position]" "$ast" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }

            """,
    };
}
