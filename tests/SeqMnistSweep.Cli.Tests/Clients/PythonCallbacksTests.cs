using System.Diagnostics;
using System.Text.Json.Nodes;
using SeqMnistSweep.Cli.Tests.Support;
using SeqMnistSweep.Clients;

namespace SeqMnistSweep.Cli.Tests.Clients;

/// <summary>The callbacks of training libraries, whose classes are stood in for: what they report, save and end.</summary>
public sealed class PythonCallbacksTests : IDisposable
{
    private const string StandIns = """
        import os, sys, types
        def module(name, **names):
            sys.modules[name] = types.ModuleType(name)
            vars(sys.modules[name]).update(names)
        class Thing(types.SimpleNamespace):
            def __getattr__(self, name): return None
        folder = os.environ["SEQSWEEP_CHECKPOINT_FOLDER"]
        import seqsweep

        """;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void Hugging_Face_reports_evaluations_saves_before_it_asks_and_ends() => AssertSaid(
        [
            """{"type": "report", "step": 10, "loss": 0.9}""",
            """{"type": "report", "epoch": 1, "eval_loss": 0.5}""",
            """{"type": "report", "checkpoint": "checkpoint-10"}""",
            """{"type": "report", "epoch": 2, "eval_loss": 0.4}""",
            """{"type": "waiting", "epoch": 2}""", """{"type": "leaving", "epoch": 2}""", "True",
        ],
        Run("eval_loss", """{"checkpoint":"checkpoint-10","epoch":1}""", """
            module("transformers", TrainerCallback=object)
            callback = seqsweep.HuggingFaceCallback()
            args, state, control = Thing(output_dir=folder), Thing(is_world_process_zero=True, global_step=10), Thing(should_save=True, should_training_stop=False)
            callback.on_log(args, state, control, logs={"loss": 0.9})
            callback.on_log(args, state, control, logs={"eval_loss": 0.5})
            callback.on_evaluate(args, state, control, metrics={"eval_loss": 0.5, "epoch": 1.0})
            callback.on_save(args, state, control)
            assert control.should_training_stop is False
            control.should_save = False
            callback.on_evaluate(args, state, control, metrics={"eval_loss": 0.4, "epoch": 2.0})
            print(control.should_training_stop)
            """));

    [Theory]
    [InlineData("lightning.pytorch.callbacks")]
    [InlineData("pytorch_lightning.callbacks")]
    public void Lightning_reports_validations_with_a_checkpoint_and_ends(string home) => AssertSaid(
        [
            """{"type": "report", "epoch": 1, "val_loss": 0.5, "checkpoint": "last.ckpt"}""",
            """{"type": "report", "epoch": 2, "val_loss": 0.4, "checkpoint": "last.ckpt"}""",
            """{"type": "waiting", "epoch": 2}""", """{"type": "leaving", "epoch": 2}""", "['last.ckpt', 'last.ckpt'] True",
        ],
        Run("val_loss", """
            {"checkpoint":"last.ckpt","epoch":1}
            {"checkpoint":"last.ckpt","epoch":2}
            """, $"""
            home = "{home}"
            for i in range(home.count(".") + 1):
                module(home.rsplit(".", i)[0], Callback=object)
            callback, saved = seqsweep.LightningCallback(checkpoint=True), []
            class Number:
                def __init__(self, value): self.value = value
                def item(self): return self.value
            trainer = Thing(is_global_zero=True, current_epoch=0, should_stop=False, save_checkpoint=lambda path: saved.append(path.name))
            callback.on_validation_end(Thing(sanity_checking=True), None)
            callback.on_validation_end(Thing(**vars(trainer), callback_metrics=dict(val_loss=Number(0.5))), None)
            trainer = Thing(**dict(vars(trainer), current_epoch=1), callback_metrics=dict(val_loss=Number(0.4)))
            callback.on_validation_end(trainer, None)
            print(saved, trainer.should_stop)
            """));

    [Theory]
    [InlineData("keras")]
    [InlineData("tensorflow.keras")]
    public void Keras_reports_epochs_and_ends(string home) => AssertSaid(
        [
            """{"type": "report", "epoch": 1, "val_loss": 0.5}""", """{"type": "report", "epoch": 2, "val_loss": 0.4}""",
            """{"type": "waiting", "epoch": 2}""", """{"type": "leaving", "epoch": 2}""", "True",
        ],
        Run("val_loss", "", $"""
            home = "{home}.callbacks"
            for i in range(home.count(".") + 1):
                module(home.rsplit(".", i)[0], Callback=object)
            callback = seqsweep.KerasCallback()
            callback.model = Thing(stop_training=False)
            callback.on_epoch_end(0, dict(val_loss=0.5))
            callback.on_epoch_end(1, dict(val_loss=0.4))
            print(callback.model.stop_training)
            """));

    /// <summary>Whoever stops alone leaves the others waiting for ever.</summary>
    [Fact]
    public void Every_process_of_a_distributed_training_stops_with_the_first() => AssertSaid(
        ["True"],
        Run("val_loss", "", """
            module("lightning"); module("lightning.pytorch"); module("lightning.pytorch.callbacks", Callback=object)
            def broadcast(decisions, src): decisions[0] = True
            module("torch", distributed=Thing(is_available=lambda: True, is_initialized=lambda: True, broadcast_object_list=broadcast))
            trainer = Thing(is_global_zero=False, current_epoch=1, callback_metrics=dict(val_loss=0.4))
            seqsweep.LightningCallback().on_validation_end(trainer, None)
            print(trainer.should_stop)
            """));

    [Fact]
    public void A_library_that_is_not_there_is_missed_only_by_who_asks_for_its_callback() => AssertSaid(
        ["ModuleNotFoundError AttributeError"],
        Run("val_loss", "", """
            names = []
            for name in ("KerasCallback", "Nothing"):
                try:
                    getattr(seqsweep, name)
                except (ImportError, AttributeError) as error:
                    names.append(type(error).__name__)
            print(*names)
            """));

    /// <summary>Every public function, class and method of seqsweep says what it is, of both modules what it takes; Python 3.9 reads them.</summary>
    [Fact]
    public void Both_modules_are_documented_typed_and_for_Python_3_9() => AssertSaid(
        ["none"],
        Run("val_loss", "", """
            import ast
            def look(body, within, names):
                for node in body:
                    if isinstance(node, (ast.If, ast.Try)): look(node.body, within, names)
                    if not isinstance(node, (ast.FunctionDef, ast.ClassDef)): continue
                    public = not node.name.startswith("_")
                    if public and within.startswith("seqsweep") and ast.get_docstring(node) is None: names.append(f"{within}.{node.name} has no docstring")
                    if isinstance(node, ast.ClassDef): look(node.body, f"{within}.{node.name}", names); continue
                    arguments = node.args.posonlyargs + node.args.args + node.args.kwonlyargs + [one for one in (node.args.vararg, node.args.kwarg) if one]
                    bare = [one.arg for one in arguments if one.annotation is None and one.arg not in ("self", "cls")]
                    if public and (bare or node.returns is None): names.append(f"{within}.{node.name} has no types: {bare}")
                    look(node.body, f"{within}.{node.name}", names)
            names = []
            for name in ("seqsweep.py", "wandb.py"):
                look(ast.parse(open(os.path.join(os.path.dirname(seqsweep.__file__), name)).read(), feature_version=(3, 9)).body, name, names)
            print(names or "none")
            """));

    /// <summary>The same lines; what stands in one in any order.</summary>
    private static void AssertSaid(string[] wanted, string[] said) => Assert.Equal(wanted.Select(Sorted), said.Select(Sorted));

    private static string Sorted(string line) => line.StartsWith('{')
        ? string.Join(", ", JsonNode.Parse(line)!.AsObject().OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key}: {item.Value?.ToJsonString()}"))
        : line;

    /// <summary>In a trial whose rung is epoch 2, where the pruner says stop.</summary>
    private string[] Run(string metric, string replies, string script)
    {
        foreach (var (name, source) in PythonSources.All)
        {
            File.WriteAllBytes(Path.Combine(_place.Folder, name), [.. source]);
        }

        var answers = Path.Combine(_place.Folder, "replies");
        File.WriteAllText(answers, replies.TrimStart() + (replies.Length > 0 ? "\n" : "") + "{\"verdict\":\"stop\",\"epoch\":2}\n");
        var info = new ProcessStartInfo("/usr/bin/python3", ["-c", StandIns + script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["PYTHONPATH"] = _place.Folder, ["SEQSWEEP_TRIAL"] = "s-0001/1", ["SEQSWEEP_METRIC"] = metric, ["SEQSWEEP_RUNGS"] = "[2]",
            ["SEQSWEEP_CHECKPOINT_FOLDER"] = _place.Folder, ["SEQSWEEP_REPLIES"] = answers,
        })
        {
            info.Environment[name] = value;
        }

        info.Environment.Remove("RANK");
        using var python = Process.Start(info)!;
        var errors = python.StandardError.ReadToEndAsync();
        var said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, errors.Result);
        return said.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }
}
