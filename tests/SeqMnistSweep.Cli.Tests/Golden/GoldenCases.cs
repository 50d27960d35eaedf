namespace SeqMnistSweep.Cli.Tests.Golden;

/// <summary>The command lines whose output is kept word by word, by verb. <c>HEAD</c> stands for <c>--head</c> and a head's address, <c>NOHEAD</c> for an address where none is.</summary>
internal static class GoldenCases
{
    /// <summary>Shown on a terminal, in a pipe, without colour and as JSON.</summary>
    public static IReadOnlyDictionary<string, string[]> Shown { get; } = new Dictionary<string, string[]>
    {
        ["init"] = ["init --force", "init"],
        ["explain"] = ["explain run_cap", "explain nosuch"],
        ["validate"] = ["validate sweep.yaml", "validate broken.yaml", "validate --wandb sweep.yaml"],
        ["plan"] = ["plan sweep.yaml --show 2 --slots 4", "plan broken.yaml"],
        ["simulate"] = ["simulate sweep.yaml --curves curves.csv --orders 2", "simulate sweep.yaml --curves nosuch.csv", "simulate sweep.yaml --curves sweep.yaml", "simulate sweep.yaml --curves curves.csv --workers 0"],
        ["run"] = ["run missing.yaml", "run sweep.yaml --slots 0", "run broken.yaml", "run sweep.yaml --prior tcn-done", "run bayes.yaml --prior tcn-lve"],
        ["submit"] = ["submit sweep.yaml HEAD", "submit sweep.yaml --key again --paused HEAD", "submit broken.yaml HEAD", "submit bayes.yaml --prior tcn-done HEAD", "submit sweep.yaml NOHEAD"],
        ["watch"] = ["watch tcn-live --since 0 HEAD", "watch nosuch HEAD", "watch NOHEAD"],
        ["wait"] = ["wait tcn-live --for running HEAD", "wait tcn-live --for metric>=0.95 HEAD", "wait tcn-live --timeout 1ms HEAD", "wait tcn-live --for loss<1 HEAD"],
        ["list"] = ["list", "list HEAD", "list NOHEAD", "list --state completed --name tcn", "list --tag nosuch", "list --state done"],
        ["show"] = ["show tcn-done", "show tcn-live HEAD", "show tcn-done/1", "show tcn-live/2", "show @last/3 HEAD", "show tcn-live/99", "show @last --config", "show tcn-lve"],
        ["pause"] = ["pause tcn-live HEAD", "pause tcn-done HEAD", "pause NOHEAD"],
        ["resume"] = ["resume @last --reason ready HEAD", "resume tcn HEAD"],
        ["stop"] = ["stop tcn-live HEAD", "stop nosuch HEAD"],
        ["cancel"] = ["cancel tcn-live HEAD", "cancel tcn-live/2 HEAD", "cancel tcn-live/77 HEAD"],
        ["retry"] = ["retry tcn-done HEAD", "retry tcn-done/3 --cause out_of_memory HEAD", "retry tcn-done --cause diverged HEAD", "retry tcn-done --cause bad HEAD"],
        ["edit"] = ["edit tcn-live --max-parallel 2 --trial-time 1h HEAD", "edit tcn-live HEAD", "edit tcn-live --sweep-time soon HEAD", "edit tcn-done --run-cap 12 HEAD", "edit tcn-done sweep.yaml HEAD"],
        ["enqueue"] = ["enqueue tcn-live x0=0.5 HEAD", "enqueue tcn-live x0 HEAD"],
        ["leaderboard"] = ["leaderboard tcn-done", "leaderboard tcn-done HEAD", "leaderboard tcn-done --where levels<8", "leaderboard nosuch", "leaderboard --top -1"],
        ["query"] = ["query select_number,value,params_from_trials_where_sweep='tcn-done'", "query select_1.0,x'0a',null HEAD", "query drop_table_trial HEAD", "query select_valeu_from_trials"],
        ["export"] = ["export tcn-done --where value>0.9", "export tcn-done --what reports HEAD", "export tcn-done --where val_accuracy>0.975 --format jsonl", "export tcn-done --where levles>6", "export sweep.yaml", "export tcn-done --format wandb --to wandb.yaml", "export broken.yaml", "export demo-plot --format xml", "export nosuch"],
        ["import"] = ["import points.csv --top 2", "import points.csv --metric loss", "import nosuch.csv", "import points.csv --as space --goal minimize", "import points.csv --as sweep", "import points.csv --into tcn-live HEAD", "import points.csv --as observations", "import points.csv --as observations --into sweep.yaml HEAD", "import points.csv --as observations --into bayes.yaml HEAD", "import best.csv --as observations --metric val_accuracy --into bayes.yaml HEAD"],
        ["ask"] = ["ask tcn-done HEAD", "ask tcn-live --lease-time soon HEAD", "ask tcn-live NOHEAD"],
        ["tell"] = ["tell tcn-live/2 --lease 7 val_accuracy=0.9 HEAD", "tell tcn-live/2 val_accuracy=0.9 HEAD", "tell tcn-live/2 --lease 2 --report --release HEAD", "tell tcn-live/2 --lease 2 loss HEAD"],
        ["plot"] = ["plot history demo-plot", "plot slice demo-plot lr", "plot importance demo-plot", "plot importance tcn-done HEAD", "plot importance --quantile 2", "plot parallel demo-plot", "plot curves demo-plot", "plot curves tcn-done HEAD", "plot slice demo-plot levles", "plot history nosuch", "plot"],
        ["model"] = ["model", "model export tcn-done/1", "model export tcn-done/99 HEAD", "model predict tcn-done/1", "model predict tcn-done/1 --input missing.png", "model verify tcn-live/1", "model verify tcn-done"],
        ["files"] = ["files tcn-done/1", "files tcn-done/1 plots/roc.png HEAD", "files tcn-done/1 plots/rok.png", "files tcn-done/2 HEAD", "files tcn-done/99"],
        ["head"] = ["head --listen 192.0.2.1", "head --http-port eighty"],
        ["worker"] = ["worker --slots 0", "worker --max-time soon", "worker drain gpu-1 HEAD", "worker drain gpu-2 --wait HEAD", "worker drain gpu-3 HEAD", "worker undrain gpu-2 HEAD", "worker undrain nosuch HEAD"],
        ["workers"] = ["workers", "workers HEAD", "workers NOHEAD"],
        ["logs"] = ["logs tcn-live/1 HEAD", "logs tcn-live/1 -f --tail 1 HEAD", "logs tcn-live/3 HEAD", "logs tcn-live HEAD"],
        ["join-line"] = ["join-line HEAD", "join-line --for soon HEAD", "join-line --at http://gpu-head:8080 HEAD"],
        ["health"] = ["health HEAD", "health --live HEAD", "health NOHEAD", "health --timeout 200ms NOHEAD", "health --timeout soon HEAD", "health --live --ready HEAD"],
        ["open"] = ["open NOHEAD"],
        ["token"] = ["token list HEAD", "token create ada --role king HEAD", "token create a/b HEAD", "token create ada --for soon HEAD", "token revoke nobody HEAD", "token show NOHEAD"],
        ["invite"] = ["invite ada --role king HEAD"],
        ["login"] = ["login", "login http://127.0.0.1:1#ssi1.x.y"],
        ["audit"] = ["audit --last -1 HEAD", "audit NOHEAD"],
        ["backup"] = ["backup --to tcn-done.db", "backup --to nosuch/sweeps.db"],
        ["doctor"] = ["doctor --nosuch"],
        ["data"] = ["data", "data path nosuch"],
        ["python"] = ["python --nosuch"],
        ["version"] = ["version"],
    };
}
