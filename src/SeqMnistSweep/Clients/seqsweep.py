"""seqsweep in Python: inside a trial, outside of one (ask and tell), and for results.

One file on the standard library alone, for Python 3.9 and later. Inside a trial::

    import seqsweep

    lr = seqsweep.params["lr"]
    for epoch in range(1, 11):
        loss = train(lr)
        seqsweep.report(epoch=epoch, val_loss=loss)
        if seqsweep.should_stop():
            break

Outside of one, with a head running and ``program: ask`` in the sweep file::

    def objective(trial):
        return (trial.params["x"] - 0.3) ** 2

    seqsweep.optimize(objective, sweep="my-sweep")
"""

from __future__ import annotations

import json
import numbers
import os
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Union

__all__ = [
    "Client", "Error", "Pruned", "Trial", "ask", "checkpoint", "curves", "df", "in_trial", "optimize", "output", "params", "report",
    "resume", "should_stop", "summary", "tell", "trial",
]


class Error(Exception):
    """The head refused something, or does not answer."""


class Pruned(Exception):
    """Raised by an objective to end its trial early; :func:`optimize` goes on with the next one."""


# ---------------------------------------------------------------------------------------------------------------------------------
# Inside a trial


class Trial:
    """The trial that this process runs, as its environment describes it; outside of one a trial that prints and forgets.

    Only the first process of a distributed program (``RANK`` 0 or unset) speaks; in the others every call is quiet.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        #: ``SWEEP/NUMBER``; None outside of a trial.
        self.id: Optional[str] = environment.get("SEQSWEEP_TRIAL")
        #: The id of the sweep; None outside of a trial.
        self.sweep: Optional[str] = environment.get("SEQSWEEP_SWEEP")
        #: The parameters, by name.
        self.params: Dict[str, Any] = json.loads(environment.get("SEQSWEEP_PARAMETERS") or "{}")
        #: From 1 on, larger for every further start of this trial.
        self.attempt = int(environment.get("SEQSWEEP_ATTEMPT") or 1)
        #: The seed of this trial.
        self.seed = int(environment.get("SEQSWEEP_SEED") or 0)
        #: The metric that the sweep ranks on; None where nothing says so.
        self.metric: Optional[str] = environment.get("SEQSWEEP_METRIC")
        #: ``minimize`` or ``maximize``.
        self.goal = environment.get("SEQSWEEP_GOAL") or "minimize"
        #: The epochs at which a pruner decides, ascending.
        self.rungs: List[int] = json.loads(environment.get("SEQSWEEP_RUNGS") or "[]")
        #: ``cpu`` or ``cuda:N``.
        self.device = environment.get("SEQSWEEP_DEVICE") or "cpu"
        #: How many GPUs this process sees; 0 on a CPU.
        self.gpus = int(environment.get("SEQSWEEP_GPUS") or 0)
        #: Where checkpoints are written.
        self.checkpoint_folder = Path(environment.get("SEQSWEEP_CHECKPOINT_FOLDER") or ".")
        #: Where files are written that are kept.
        self.output = Path(environment.get("SEQSWEEP_OUTPUT") or ".")
        resumed = environment.get("SEQSWEEP_RESUME")
        #: The checkpoint to go on from; None for a trial that starts.
        self.resumes_from: Optional[Path] = Path(resumed) if resumed else None
        self._speaks = (environment.get("RANK") or "0") == "0"
        self._replies = _Replies(environment.get("SEQSWEEP_REPLIES"))
        #: The epoch of that checkpoint; 0 for a trial that starts.
        self.resume_epoch = int(environment.get("SEQSWEEP_RESUME_EPOCH") or 0)
        #: What is added to the epochs of a program that counts from 0; None before its first one.
        self._shift: Optional[int] = None
        self._epoch = self.resume_epoch
        self._has_metric = self.metric is None
        self._must_stop = False
        self._decided: set = set()

    @property
    def is_real(self) -> bool:
        """Whether seqsweep started this process."""
        return self.id is not None

    def report(
        self, metrics: Optional[Mapping[str, Any]] = None, *, epoch: Optional[int] = None, step: Optional[int] = None,
        checkpoint: Union[str, os.PathLike, None] = None, **more: Any,
    ) -> None:
        """Reports metrics: of an epoch, counted from 1, or of a step within one.

        Args:
            metrics: By name; numbers, and mappings of them, whose names are joined with dots. Further ones as keywords. An ``epoch`` or
                ``step`` among them is as good as the argument.
            epoch: The next one when absent. A program may count from 0 as well. Several reports of one epoch are one.
            step: Makes this a report of a step, which is drawn but not ranked.
            checkpoint: A file or folder in the checkpoint folder from which this trial can go on. Returns when it has been copied.
        """
        values = flatten({**(metrics or {}), **more})
        axes = _whole(values.pop("epoch", None)), _whole(values.pop("step", None))
        if epoch is None and step is None:
            epoch, step = axes
        line: Dict[str, Any] = {**values, "type": "report"}
        if step is not None:
            line["step"] = int(step)
        if epoch is not None or step is None:
            counted = self._counted(epoch) if epoch is not None else self._epoch + 1
            self._has_metric = self.metric is None or (self._has_metric and counted == self._epoch)
            self._epoch = line["epoch"] = counted
        self._has_metric |= "epoch" in line and self.metric in line
        if checkpoint is not None:
            line["checkpoint"] = self._name_of(checkpoint)
        self._say(line)
        if checkpoint is not None:
            self._replies.wait(lambda reply: reply.get("checkpoint") == line["checkpoint"] and reply.get("epoch") == line.get("epoch"))

    def should_stop(self) -> bool:
        """Whether the trial is to end after the epoch that was last reported. At a rung whose metric was reported this waits for the
        pruner's decision.

        A trial that is to end writes what it wants to keep and returns; one that is paused goes on later from its last checkpoint.
        """
        if self._has_metric and self._epoch in self.rungs and self._epoch not in self._decided:
            self._say({"type": "waiting", "epoch": self._epoch})
            self._decided.add(self._epoch)
            reply = self._replies.wait(lambda reply: reply.get("verdict") is not None and reply.get("epoch") == self._epoch)
            self._must_stop = self._replies.is_gone if reply is None else reply["verdict"] != "continue"
            if self._must_stop:
                self._say({"type": "leaving", "epoch": self._epoch})
        return self._must_stop

    def checkpoint(self, path: Union[str, os.PathLike], epoch: Optional[int] = None) -> None:
        """Says that a file or folder in the checkpoint folder is a checkpoint; returns when it has been copied."""
        name = self._name_of(path)
        line: Dict[str, Any] = {"type": "report", "checkpoint": name}
        if epoch is not None:
            line["epoch"] = self._counted(epoch)
        self._say(line)
        self._replies.wait(lambda reply: reply.get("checkpoint") == name)

    def summary(self, values: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
        """Sets values of the whole trial; of a name that is set twice the last value stands."""
        flat = flatten({**(values or {}), **more})
        if flat:
            self._say({"type": "summary", "values": flat})

    def _counted(self, epoch: int) -> int:
        """The epoch counted from 1. A program whose first one is 0, or goes on at the number of its checkpoint, counts from 0."""
        if self._shift is None:
            self._shift = 1 if int(epoch) == self.resume_epoch else 0
        return int(epoch) + self._shift

    def _name_of(self, path: Union[str, os.PathLike]) -> str:
        folder = self.checkpoint_folder.resolve()
        whole = (folder / path).resolve()
        if folder not in whole.parents:
            raise ValueError(f"a checkpoint lies in {folder}, not at {whole}")
        return str(whole.relative_to(folder))

    def _say(self, line: Mapping[str, Any]) -> None:
        if self._speaks:
            _write(line)


class _Replies:
    """The file in which a worker answers: a JSON object a line."""

    _PAUSE = 0.02

    def __init__(self, path: Optional[str]) -> None:
        self._path = path
        self._was_there = path is not None and os.path.exists(path)
        self._offset = 0
        self._seen: List[Dict[str, Any]] = []

    @property
    def is_gone(self) -> bool:
        """Whether nobody answers any more, for the trial has ended."""
        return self._was_there and not os.path.exists(self._path)  # type: ignore[arg-type]

    def wait(self, meant: Callable[[Dict[str, Any]], bool]) -> Optional[Dict[str, Any]]:
        """The first reply that is meant, waited for; None at once where nobody answers."""
        while self._path is not None and os.path.exists(self._path):
            for reply in self._seen:
                if meant(reply):
                    self._seen.remove(reply)
                    return reply
            if not self._read():
                time.sleep(self._PAUSE)
        return None

    def _read(self) -> bool:
        try:
            with open(self._path, "rb") as file:  # type: ignore[arg-type]
                file.seek(self._offset)
                text = file.read()
        except FileNotFoundError:
            return False
        whole = text.rfind(b"\n") + 1
        self._offset += whole
        self._seen.extend(json.loads(line) for line in text[:whole].splitlines())
        return whole > 0


def flatten(values: Mapping[str, Any], prefix: str = "") -> Dict[str, Any]:
    """The numbers within nested mappings, by names that are joined with dots. Booleans are 0 and 1; what is no number is left out."""
    flat: Dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{name}."))
            continue
        number = number_of(value)
        if number is not None:
            flat[f"{prefix}{name}"] = number
    return flat


def number_of(value: Any) -> Union[int, float, None]:
    """The number that a value is, one of NumPy's or a tensor with one element included; None for any other value."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if hasattr(value, "item"):
        try:
            return number_of(value.item())
        except Exception:  # More than one element, or something else with that name.
            return None
    return None


def _whole(value: Union[int, float, None]) -> Optional[int]:
    return int(value) if value is not None and value == value and abs(value) < 1e18 and int(value) == value else None


def _write(line: Mapping[str, Any]) -> None:
    """Writes to standard output itself, whatever sys.stdout is now; in one piece, so that no thread comes between."""
    for stream in (sys.stdout, sys.__stdout__):
        try:
            stream.flush()  # type: ignore[union-attr]
        except Exception:  # Closed, or none at all.
            pass
    text = json.dumps(line, default=str)
    try:
        # A progress bar may have left a line open: what comes after a carriage return is a line of its own here.
        os.write(1, f"\r{text}\n".encode())
    except OSError:
        pass  # Nobody listens any more.


_trial: Optional[Trial] = None


def trial() -> Trial:
    """The trial that this process runs."""
    global _trial
    if _trial is None:
        _trial = Trial()
    return _trial


def in_trial() -> bool:
    """Whether seqsweep started this process."""
    return trial().is_real


def report(metrics: Optional[Mapping[str, Any]] = None, **options: Any) -> None:
    """See :meth:`Trial.report`."""
    trial().report(metrics, **options)


def should_stop() -> bool:
    """See :meth:`Trial.should_stop`."""
    return trial().should_stop()


def checkpoint(path: Union[str, os.PathLike], epoch: Optional[int] = None) -> None:
    """See :meth:`Trial.checkpoint`."""
    trial().checkpoint(path, epoch)


def resume() -> Optional[Path]:
    """The checkpoint to go on from; None for a trial that starts."""
    return trial().resumes_from


def summary(values: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
    """See :meth:`Trial.summary`."""
    trial().summary(values, **more)


def output(name: str = "") -> Path:
    """A path in the folder whose files are kept with the trial."""
    path = trial().output / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def __getattr__(name: str) -> Any:
    if name == "params":
        return trial().params
    lazy = {
        "HuggingFaceCallback": _hugging_face_callback, "LightningCallback": _lightning_callback, "KerasCallback": _keras_callback,
    }
    if name in lazy:
        return lazy[name]()
    raise AttributeError(f"module 'seqsweep' has no attribute {name!r}")


# ---------------------------------------------------------------------------------------------------------------------------------
# Callbacks of training libraries, whose modules are imported when they are asked for


def _agreed(stop: bool) -> bool:
    """The first process's decision, known to all of a distributed program: whoever stops alone leaves the others waiting."""
    distributed = getattr(sys.modules.get("torch"), "distributed", None)
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return stop
    decisions = [stop]
    distributed.broadcast_object_list(decisions, src=0)
    return bool(decisions[0])


def _hugging_face_callback() -> type:
    from transformers import TrainerCallback  # type: ignore[import-not-found]

    class HuggingFaceCallback(TrainerCallback):
        """Reports every evaluation of a Hugging Face Trainer as an epoch, its logs as steps, and ends it when the pruner says so.

        What the Trainer saves is a checkpoint of the trial where its ``output_dir`` is ``seqsweep.trial().checkpoint_folder``; go on
        from it with ``trainer.train(resume_from_checkpoint=seqsweep.resume())``.
        """

        def on_log(self, args: Any, state: Any, control: Any, logs: Optional[Mapping[str, Any]] = None, **_: Any) -> None:
            """Reports the logs of a step."""
            if state.is_world_process_zero and logs and not any(name.startswith("eval_") for name in logs):
                report(logs, step=state.global_step)

        def on_evaluate(self, args: Any, state: Any, control: Any, metrics: Optional[Mapping[str, Any]] = None, **_: Any) -> None:
            """Reports an epoch; what is saved with it is saved before the pruner is asked."""
            if state.is_world_process_zero and metrics:
                report({name: value for name, value in metrics.items() if name != "epoch"})
            if not getattr(control, "should_save", False):
                self._ask(state, control)

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Says that the epoch's checkpoint is there."""
            saved = Path(args.output_dir, f"checkpoint-{state.global_step}")
            if state.is_world_process_zero and in_trial() and trial().checkpoint_folder.resolve() in saved.resolve().parents:
                checkpoint(saved.resolve())
            self._ask(state, control)

        def _ask(self, state: Any, control: Any) -> None:
            if _agreed(state.is_world_process_zero and should_stop()):
                control.should_training_stop = True

    return HuggingFaceCallback


def _lightning_callback() -> type:
    try:
        from lightning.pytorch.callbacks import Callback  # type: ignore[import-not-found]
    except ImportError:
        from pytorch_lightning.callbacks import Callback  # type: ignore[import-not-found]

    class LightningCallback(Callback):
        """Reports what a LightningModule has logged after every validation, and ends the Trainer when the pruner says so.

        Args:
            checkpoint: Whether a checkpoint is written with each report; go on from it with
                ``trainer.fit(model, ckpt_path=seqsweep.resume())``.
        """

        def __init__(self, checkpoint: bool = False) -> None:
            super().__init__()
            self._saves = checkpoint
            self._epoch = trial().resume_epoch

        def on_validation_end(self, trainer: Any, module: Any) -> None:
            """Reports an epoch; several validations within one count as further epochs."""
            if trainer.sanity_checking:
                return
            self._epoch = max(self._epoch, trainer.current_epoch) + 1
            saved = trial().checkpoint_folder / "last.ckpt" if self._saves and in_trial() else None
            if saved is not None:
                trainer.save_checkpoint(saved)
            if trainer.is_global_zero:
                report(trainer.callback_metrics, epoch=self._epoch, checkpoint=saved.resolve() if saved is not None else None)
            if _agreed(trainer.is_global_zero and should_stop()):
                trainer.should_stop = True

    return LightningCallback


def _keras_callback() -> type:
    try:
        from keras.callbacks import Callback  # type: ignore[import-not-found]
    except ImportError:
        from tensorflow.keras.callbacks import Callback  # type: ignore[import-not-found]

    class KerasCallback(Callback):
        """Reports the logs of every epoch of Model.fit, and ends it when the pruner says so.

        Args:
            checkpoint: Whether the model is saved with each report; go on from it with ``keras.models.load_model(seqsweep.resume())``
                and ``model.fit(initial_epoch=seqsweep.trial().resume_epoch)``.
        """

        def __init__(self, checkpoint: bool = False) -> None:
            super().__init__()
            self._saves = checkpoint

        def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
            """Reports an epoch, which Keras counts from 0."""
            saved = trial().checkpoint_folder / "last.keras" if self._saves and in_trial() else None
            if saved is not None:
                self.model.save(saved)
            report(logs or {}, epoch=epoch + 1, checkpoint=saved.resolve() if saved is not None else None)
            if should_stop():
                self.model.stop_training = True

    return KerasCallback


# ---------------------------------------------------------------------------------------------------------------------------------
# Outside of a trial: ask and tell


class Asked:
    """A trial that was asked for. A thread gives a sign of life while it runs, so that only a dead process loses it.

    An objective for Optuna works with it as it is: what it suggests has been chosen by the sweep.
    """

    def __init__(self, client: "Client", sweep: str, answer: Mapping[str, Any]) -> None:
        self._client, self._sweep = client, sweep
        self._words = {"trial": answer["trial"], "lease": answer["lease"]}
        #: ``SWEEP/NUMBER``.
        self.id: str = answer["trial"]
        #: The parameters, by name.
        self.params: Dict[str, Any] = answer["parameters"]
        #: The seed of this trial.
        self.seed: int = answer["seed"]
        #: The metric that the sweep ranks on.
        self.metric: str = answer["metric"]
        self._epoch = 0
        #: The metric's last value that was told.
        self._value: Union[int, float, None] = None
        #: What is added to the epochs of an objective that counts from 0; None before its first one.
        self._shift: Optional[int] = None
        self._verdict = "continue"
        self._over = threading.Event()
        threading.Thread(target=self._live, args=(answer["expires_in"] / 3,), daemon=True).start()

    def report(self, metrics: Union[Mapping[str, Any], float, None] = None, epoch: Optional[int] = None, **more: Any) -> bool:
        """The metrics of an epoch, counted from 1 or from 0, the next one when absent; a bare number is the metric of the sweep.

        Returns:
            False when the trial is to end here.
        """
        if metrics is not None and not isinstance(metrics, Mapping):
            metrics = {self.metric: metrics}
        values = flatten({**(metrics or {}), **more})
        if epoch is None:
            self._epoch += 1
        else:
            self._shift = self._shift if self._shift is not None else 1 if int(epoch) == 0 else 0
            self._epoch = int(epoch) + self._shift
        answer = self._client._post(self._sweep, "report", {**self._words, "epoch": self._epoch, "metrics": _sendable(values)})
        self._value = values.get(self.metric, self._value)
        self._verdict = answer["verdict"]
        return not self.should_stop()

    def should_stop(self) -> bool:
        """Whether the last report was answered with an end."""
        return self._verdict != "continue"

    should_prune = should_stop

    def suggest(self, name: str, *_: Any, **__: Any) -> Any:
        """The parameter of that name."""
        return self.params[name]

    suggest_float = suggest_int = suggest_categorical = suggest_uniform = suggest_loguniform = suggest_discrete_uniform = suggest

    def tell(self, value: Optional[float] = None, state: str = "completed", **words: Any) -> Dict[str, Any]:
        """Ends the trial: with a value, a report of one more epoch unless it is that of the last one; with ``state="failed"``, ``cause=``
        and ``message=``; or with ``state="released"``. A trial whose last report was answered with an end has ended already."""
        self._over.set()
        if self.should_stop():
            return {"trial": self.id, "state": "pruned" if self._verdict == "stop" else "paused"}
        said = dict(words) if value is None or number_of(value) == self._value else {**_sendable({"value": number_of(value)}), **words}
        return self._client._post(self._sweep, "tell", {**self._words, "state": state, **said})

    def _live(self, every: float) -> None:
        while not self._over.wait(every):
            try:
                self._client._post(self._sweep, "report", self._words)
            except Error:
                return  # The lease has ended; the next report or tell says so.
            except OSError:
                pass  # The head may be back before the lease ends.


class Client:
    """A head, spoken to over HTTP.

    Args:
        head: Its address; SEQSWEEP_HEAD, else http://127.0.0.1:8080, when absent.
        token: A bearer token; SEQSWEEP_TOKEN, the file that SEQSWEEP_TOKEN_FILE names, else that of a head of this account on this
            machine, when absent.
    """

    def __init__(self, head: Optional[str] = None, token: Optional[str] = None) -> None:
        self.head = (head or os.environ.get("SEQSWEEP_HEAD") or "http://127.0.0.1:8080").rstrip("/")
        if "://" not in self.head:
            self.head = f"http://{self.head}"
        self._token = token or _token_of(self.head)
        self._metrics: Dict[str, str] = {}
        self._ids: Dict[str, str] = {}

    def ask(self, sweep: str, name: Optional[str] = None) -> Optional[Asked]:
        """The next trial; None when the sweep is over. Waits while there is none to be had.

        Args:
            sweep: Its id, or its name for the newest one of that name.
            name: Who asks, as the page shows it; the name of this program when absent.
        """
        sweep = self.id_of(sweep)
        key = uuid.uuid4().hex
        asker = name or os.path.basename(sys.argv[0] or "") or "python"
        while True:
            answer = self._post(sweep, "ask", {"client": asker[:100], "key": key, "lease_seconds": 60})
            if answer.get("trial"):
                return Asked(self, answer["sweep"], answer)
            if answer.get("retry_after") is None:
                return None
            time.sleep(answer["retry_after"])

    def optimize(
        self, objective: Callable[[Asked], Optional[float]], sweep: str, n_trials: Optional[int] = None,
        catch: tuple = (),
    ) -> Dict[str, Any]:
        """Asks, calls the objective and tells its value, until the sweep is over.

        Args:
            objective: Takes a trial and returns its value; raises :class:`Pruned`, or Optuna's TrialPruned, to end it early.
            n_trials: At most so many here; all of them when absent.
            catch: Exceptions that fail a trial and not this call.

        Returns:
            The best configuration of the sweep, a row of its leaderboard; empty where there is none.
        """
        sweep = self.id_of(sweep)
        done = 0
        while n_trials is None or done < n_trials:
            asked = self.ask(sweep)
            if asked is None:
                break
            done += 1
            try:
                asked.tell(objective(asked))
            except Exception as error:
                if isinstance(error, Pruned) or type(error).__name__ == "TrialPruned":  # Optuna's
                    asked.tell()  # Of its own will: it is worth what it has reported.
                    continue
                asked.tell(state="failed", cause="crashed", message=f"{type(error).__name__}: {error}"[:4000])
                if not isinstance(error, catch):
                    raise
        rows = self._get(f"api/v1/sweeps/{urllib.parse.quote(sweep)}/leaderboard?top=1")
        return rows[0] if rows else {}

    def trials(self, sweep: str) -> List[Dict[str, Any]]:
        """Every trial of a sweep: its parameters and metrics by name, beside the columns of the view ``trials``."""
        return [_spread(row, "params", "metrics") for row in self._rows_of("trials", sweep, "number")]

    def reports(self, sweep: str) -> List[Dict[str, Any]]:
        """Every report of a sweep: trial, epoch and metrics."""
        return [_spread(row, "metrics") for row in self._rows_of("reports", sweep, "number, epoch")]

    def id_of(self, sweep: str) -> str:
        """The id of a sweep: of that one, or of the newest with that name."""
        if sweep not in self._ids:
            rows = self._get(f"api/v1/sweeps?find={urllib.parse.quote(sweep)}")  # the newest first
            found = [row["sweep"] for row in rows if sweep in (row["sweep"], row["name"])]
            if not found:
                raise Error(f"there is no sweep '{sweep}'")
            self._ids[sweep] = found[0]
        return self._ids[sweep]

    def metric_of(self, sweep: str) -> str:
        """The metric that a sweep ranks on."""
        sweep = self.id_of(sweep)
        if sweep not in self._metrics:
            self._metrics[sweep] = self._get(f"api/v1/sweeps/{urllib.parse.quote(sweep)}")["metric"]
        return self._metrics[sweep]

    def _rows_of(self, view: str, sweep: str, order: str) -> Iterator[Dict[str, Any]]:
        """Rows of a view, some thousand at a time."""
        at, some = 0, 5000
        name = self.id_of(sweep).replace("'", "''")
        while True:
            sql = f"select * from {view} where sweep = '{name}' order by {order} limit {some} offset {at}"
            answer = self._send(urllib.request.Request(
                f"{self.head}/api/v1/query", json.dumps({"sql": sql, "max_rows": some, "timeout_ms": 60_000}).encode(),
                {"Content-Type": "application/json"}))
            for row in answer["rows"]:
                yield {name: float(cell["real"]) if isinstance(cell, dict) and "real" in cell else cell
                       for name, cell in zip(answer["columns"], row)}
            at += len(answer["rows"])
            if len(answer["rows"]) < some:
                return

    def _get(self, path: str) -> Any:
        return self._send(urllib.request.Request(f"{self.head}/{path}"))

    def _post(self, sweep: str, verb: str, body: Mapping[str, Any]) -> Dict[str, Any]:
        return self._send(urllib.request.Request(
            f"{self.head}/api/v1/sweeps/{urllib.parse.quote(sweep)}/{verb}", json.dumps(body).encode(),
            {"Content-Type": "application/json"}))

    def _send(self, request: urllib.request.Request) -> Any:
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Error(_reason_of(error)) from None


def _sendable(values: Mapping[str, Any]) -> Dict[str, Any]:
    """Numbers that JSON lacks as the texts that the head takes."""
    return {name: "NaN" if value != value else "Infinity" if value == float("inf") else "-Infinity" if value == -float("inf") else value
            for name, value in values.items()}


def _spread(row: Dict[str, Any], *names: str) -> Dict[str, Any]:
    """The row with the values of JSON columns beside its own; one of a name that the row has keeps the column's name before its own."""
    spread = {name: value for name, value in row.items() if name not in names}
    for column in names:
        for name, value in json.loads(row.get(column) or "{}").items():
            spread[name if name not in row else f"{column}.{name}"] = value
    return spread


def _reason_of(error: urllib.error.HTTPError) -> str:
    try:
        body = json.load(error)["error"]
        return body["message"] + (f" ({body['hint']})" if body.get("hint") else "")
    except Exception:  # Somebody else answers there.
        return f"the head answers {error.code}"


def _token_of(head: str) -> Optional[str]:
    """What opens a head: from the environment, or from the file that a head of this account on this machine has written."""
    if os.environ.get("SEQSWEEP_TOKEN"):
        return os.environ["SEQSWEEP_TOKEN"].strip()
    if os.environ.get("SEQSWEEP_TOKEN_FILE"):
        return Path(os.environ["SEQSWEEP_TOKEN_FILE"]).read_text(encoding="utf-8").strip()
    address = urllib.parse.urlsplit(head)
    if address.hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    for path in _head_files(address.port or 80):
        try:
            status = path.stat()
            if status.st_uid == os.geteuid() and not status.st_mode & 0o022:
                return json.loads(path.read_text(encoding="utf-8"))["admin_token"]
        except (OSError, ValueError, KeyError):
            continue
    return None


def _head_files(port: int) -> Iterator[Path]:
    if os.environ.get("XDG_RUNTIME_DIR"):
        yield Path(os.environ["XDG_RUNTIME_DIR"], "seqsweep", f"{port}.json")
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    yield Path(state, "seqsweep", "run", f"{os.uname().nodename}-{port}.json")


def ask(sweep: str, name: Optional[str] = None) -> Optional[Asked]:
    """See :meth:`Client.ask`."""
    return Client().ask(sweep, name)


def tell(asked: Asked, value: Optional[float] = None, **words: Any) -> Dict[str, Any]:
    """See :meth:`Asked.tell`."""
    return asked.tell(value, **words)


def optimize(objective: Callable[[Asked], Optional[float]], sweep: str, **options: Any) -> Dict[str, Any]:
    """See :meth:`Client.optimize`."""
    return Client().optimize(objective, sweep, **options)


# ---------------------------------------------------------------------------------------------------------------------------------
# Results as tables of pandas


def df(sweep: str, database: Union[str, os.PathLike, None] = None) -> Any:
    """The trials of a sweep as a pandas DataFrame, a row each.

    Args:
        sweep: Its id, or its name for the newest one of that name.
        database: Reads the file of seqsweep run, such as ``.seqsweep/sweeps.db``, in place of a head.
    """
    return _frame(_rows_of_file(database, sweep, "trials", "params", "metrics") if database else Client().trials(sweep))


def curves(sweep: str, database: Union[str, os.PathLike, None] = None) -> Any:
    """The reports of a sweep as a pandas DataFrame, a row for each trial and epoch; arguments as those of :func:`df`."""
    return _frame(_rows_of_file(database, sweep, "reports", "metrics") if database else Client().reports(sweep))


def _rows_of_file(database: Union[str, os.PathLike], sweep: str, view: str, *json_columns: str) -> List[Dict[str, Any]]:
    import sqlite3

    with sqlite3.connect(f"{Path(database).resolve().as_uri()}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        order = "number" if view == "trials" else "number, epoch"
        newest = "select sweep from sweeps where sweep = ? or name = ? order by created desc limit 1"
        found = connection.execute(newest, (sweep, sweep)).fetchone()
        if found is None:
            raise Error(f"there is no sweep '{sweep}' in {database}")
        rows = connection.execute(f"select * from {view} where sweep = ? order by {order}", (found["sweep"],))
        return [_spread(dict(row), *json_columns) for row in rows]


def _frame(rows: List[Dict[str, Any]]) -> Any:
    import pandas  # type: ignore[import-untyped]

    return pandas.DataFrame(rows)
