"""A stand-in for wandb within a trial of seqsweep, where wandb itself is not installed.

A wandb that is installed takes its place, unless the sweep file says ``shim: wandb``. What scripts of W&B Sweeps use most works here: init,
config, log, summary, define_metric and finish reach the sweep, save and run.dir keep files with the trial. What else keeps or draws is quiet,
and says once on standard error that it does nothing. With ``shim: none`` in the sweep file this module is not there.
"""

from __future__ import annotations

import atexit
import fnmatch
import glob
import importlib.abc
import importlib.machinery
import importlib.util
import os
import shutil
import sys
import uuid
from typing import Any, Callable, Dict, Iterable, Mapping, Optional

import seqsweep

__version__ = "0.19.0+seqsweep"  # Of the wandb that it stands in for: libraries look at it.


def _installed() -> Any:
    """The wandb that is installed; None where there is none. The folder that runs of W&B leave behind has the same name and is none, and
    another stand-in is beside its seqsweep.py."""
    places = [place for place in sys.path if not os.path.exists(os.path.join(place, "seqsweep.py"))]
    spec = importlib.machinery.PathFinder.find_spec("wandb", places)
    return spec if spec is not None and spec.origin is not None else None


_spec = _installed() if __name__ == "wandb" and os.environ.get("SEQSWEEP_SHIM") != "wandb" else None
if _spec is not None:
    _real = importlib.util.module_from_spec(_spec)
    sys.modules["wandb"] = _real
    _spec.loader.exec_module(_real)

else:
    # Scripts look here for whether they are a part of a sweep.
    for _name, _value in (("WANDB_SWEEP_ID", seqsweep.trial().sweep), ("WANDB_RUN_ID", (seqsweep.trial().id or "").replace("/", "-"))):
        if _value:
            os.environ.setdefault(_name, _value)

_told: set = set()


def _say_once(what: str) -> None:
    if what not in _told:
        _told.add(what)
        print(f"seqsweep: wandb.{what} does nothing here", file=sys.stderr, flush=True)


class Config:
    """``wandb.config``: by attribute and by item. The values of the sweep win, as at W&B."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        object.__setattr__(self, "_fixed", dict(seqsweep.params))
        object.__setattr__(self, "_values", dict(seqsweep.params))

    def update(self, values: Any = None, allow_val_change: Optional[bool] = None, **more: Any) -> None:
        for name, value in {**_items(values), **more}.items():
            self[name] = value

    def setdefaults(self, values: Any) -> None:
        for name, value in _items(values).items():
            self._values.setdefault(name, value)

    def get(self, name: str, default: Any = None) -> Any:
        return self._values.get(name, default)

    def keys(self) -> Iterable[str]:
        return self._values.keys()

    def values(self) -> Iterable[Any]:
        return self._values.values()

    def items(self) -> Iterable[Any]:
        return self._values.items()

    def as_dict(self) -> Dict[str, Any]:
        return dict(self._values)

    def persist(self) -> None:
        """Nothing is left to be written."""

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._fixed:
            self._values[name] = value

    def __delitem__(self, name: str) -> None:
        del self._values[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)  # Of a copy that has nothing yet.
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"the config has no '{name}'; there are: {', '.join(self._values) or 'none'}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


def _items(values: Any) -> Dict[str, Any]:
    if values is None:
        return {}
    if isinstance(values, Mapping):
        return dict(values)
    if isinstance(values, Config):
        return values.as_dict()
    if isinstance(values, str):
        return _of_file(values)
    if hasattr(values, "flag_values_dict"):
        return values.flag_values_dict()  # The flags of absl.
    return dict(vars(values))  # A namespace of argparse, or an object with attributes.


def _of_file(path: str) -> Dict[str, Any]:
    import json

    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        return json.loads(text)
    except ValueError:
        import yaml  # type: ignore[import-untyped]

        return {name: value["value"] if isinstance(value, dict) and "value" in value else value
                for name, value in yaml.safe_load(text).items()}


class Summary(Config):
    """``wandb.summary``: the last value of each name; what a script sets goes to the sweep."""

    def _begin(self) -> None:
        object.__setattr__(self, "_fixed", {})
        object.__setattr__(self, "_values", {})
        #: The metric of the sweep as the script has set it: a metric that no row has is ranked on all the same, as at W&B.
        object.__setattr__(self, "_metric", None)

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name] = value
        if name == seqsweep.trial().metric:
            object.__setattr__(self, "_metric", value)
        else:
            seqsweep.summary({name: value})


class Run:
    """What ``wandb.init`` returns."""

    def __init__(self, project: Any = None, entity: Any = None, name: Any = None, id: Any = None, group: Any = None, job_type: Any = None,
                 notes: Any = None, tags: Any = None, **_: Any) -> None:
        self.config = config
        self.summary = summary
        # Scripts make file names of these: a trial's own name has a slash.
        self.id = id or (seqsweep.trial().id or "local").replace("/", "-")
        self.name = name or self.id
        self.sweep_id = seqsweep.trial().sweep
        self.project = project or os.environ.get("WANDB_PROJECT") or "uncategorized"
        self.entity = entity or os.environ.get("WANDB_ENTITY") or "seqsweep"
        self.path = f"{self.entity}/{self.project}/{self.id}"
        self.group, self.job_type, self.notes, self.tags = group, job_type, notes, tuple(tags or ())
        self.url = ""
        self.step = 0
        self.dir = str(seqsweep.trial().output)
        self.resumed = seqsweep.resume() is not None
        self.disabled = self.offline = False
        self._row: Dict[str, Any] = {}
        self._before = _steps
        self._has_metric = False
        self._extremes: Dict[str, Callable[..., float]] = {}
        self._extreme: Dict[str, float] = {}

    def log(self, data: Mapping[str, Any], step: Optional[int] = None, commit: Optional[bool] = None, **_: Any) -> None:
        """Adds to the row of a step. Without ``step`` the row is whole with that; with it, when the next step begins."""
        if step is not None:
            if step < self.step:
                _say_once(f"log with a step below {self.step}")
                return
            if step > self.step:
                self._flush()
                self.step = int(step)
        for value in data.values():
            if isinstance(value, (_Media, _Nothing)):
                _say_once(f"log of {type(value).__name__ if isinstance(value, _Media) else value._name}")
        self._row.update(seqsweep.flatten(data))
        if commit or (commit is None and step is None):
            self._flush()
            self.step += 1

    def _flush(self) -> None:
        row, self._row = self._row, {}
        if row:
            self.summary._values.update(row)
            self._has_metric |= seqsweep.trial().metric in row
            self._remember(row)
            _report(row, self._before + self.step)

    def _remember(self, row: Mapping[str, Any]) -> None:
        for pattern, choose in self._extremes.items():
            for name in fnmatch.filter(row, pattern):
                key = f"{name}.{choose.__name__}"
                self._extreme[key] = choose(self._extreme.get(key, row[name]), row[name])

    def finish(self, exit_code: Optional[int] = None, quiet: Optional[bool] = None) -> None:
        """The end of this run; another one may begin in the same trial."""
        global run
        self._flush()
        if self.summary._metric is not None and not self._has_metric:
            _report({str(seqsweep.trial().metric): self.summary._metric}, self._before + self.step)
        if self._extreme:
            seqsweep.summary(self._extreme)
        self._extreme = {}
        if run is self:
            run = None

    def define_metric(self, name: str, step_metric: Any = None, step_sync: Any = None, hidden: Any = None, summary: Any = None,
                      goal: Any = None, **_: Any) -> "Run":
        """Every metric has its axis already; a smallest or largest value becomes one of the whole trial."""
        kinds = str(summary or "").split(",")
        for kind, choose in (("min", min), ("max", max)):
            if kind in kinds or ("best" in kinds and str(goal).startswith(kind)):
                self._extremes[str(name)] = choose
        return self

    def save(self, glob_str: Any = None, base_path: Any = None, policy: Any = None) -> list:
        """Copies files to those that are kept with the trial."""
        saved = []
        for path in glob.glob(os.fspath(glob_str)) if glob_str else []:
            name = os.path.relpath(path, base_path) if base_path else os.path.basename(path)
            target = os.path.normpath(os.path.join(self.dir, name))
            if os.path.isfile(path) and os.path.realpath(path) != os.path.realpath(target):
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copyfile(path, target)
            saved.append(target)
        return saved

    def get_url(self) -> str:
        return self.url

    def project_name(self) -> str:
        return self.project

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.finish()
        return False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(name)


_epochs = seqsweep.trial().resume_epoch
_steps = 0


def _report(row: Mapping[str, Any], step: int) -> None:
    """A row with the metric of the sweep is an epoch; every other one is a step. Without a known metric every row is an epoch."""
    global _epochs, _steps
    _steps = max(_steps, step + 1)
    metric = seqsweep.trial().metric
    values = {name: value for name, value in row.items() if name not in ("epoch", "step", "type", "checkpoint") or name == metric}
    if metric is not None and metric not in row:
        seqsweep.report(values, step=step)
        return
    _epochs += 1
    seqsweep.report(values, epoch=_epochs)


class Error(Exception):
    """As wandb's own."""


CommError = UsageError = Error


class _Nothing:
    """What does nothing, and says so once when it is called; anything may be asked of it, but a file or a number."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "item":
            raise AttributeError(name)
        return _stand_in(name, f"{self._name}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> "_Nothing":
        _say_once(self._name.partition(".")[0])
        return self

    def __getitem__(self, name: Any) -> "_Nothing":
        return self

    def __setitem__(self, name: Any, value: Any) -> None:
        pass

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""

    def __fspath__(self) -> str:
        raise Error(f"wandb.{self._name} gives no file here: nothing is fetched from W&B in a trial of seqsweep")

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *error: Any) -> bool:
        return False


class _Names(type):
    """A class whose constants are their names, such as ``AlertLevel.WARN``."""

    def __getattr__(cls, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class _Media(metaclass=_Names):
    """Something to look at or to keep elsewhere, which is not kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.name = kwargs.get("name") or (args[0] if args and isinstance(args[0], str) else type(self).__name__)
        self.metadata = dict(kwargs.get("metadata") or {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "item":
            raise AttributeError(name)
        return _Nothing(f"{type(self).__name__}.{name}")


class Table(_Media):
    """Rows in memory."""

    def __init__(self, columns: Any = None, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self.columns = list(columns if columns is not None else [])
        self.data = [list(row) for row in data] if isinstance(data, (list, tuple)) else []

    def add_data(self, *row: Any) -> None:
        self.data.append(list(row))

    def get_column(self, name: str, *args: Any, **kwargs: Any) -> list:
        return [row[self.columns.index(name)] for row in self.data]


class Settings:
    """Taken and not used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.update(kwargs)


config = Config()
summary = Summary()
run: Optional[Run] = None


def init(*args: Any, config: Any = None, **kwargs: Any) -> Run:
    """The run of this trial; one after another where a script finishes them."""
    global run
    if run is None:
        globals()["config"]._begin()
        summary._begin()
        run = Run(**{name: value for name, value in kwargs.items() if name != "self"})
        if kwargs.get("sync_tensorboard"):
            _follow_tensorboard()
        if os.path.isfile("config-defaults.yaml"):
            globals()["config"].update("config-defaults.yaml")
    globals()["config"].update(config)
    return run


def log(data: Mapping[str, Any], step: Optional[int] = None, commit: Optional[bool] = None, **more: Any) -> None:
    if run is None:
        raise Error("You must call wandb.init() before wandb.log()")
    run.log(data, step, commit, **more)


def finish(exit_code: Optional[int] = None, quiet: Optional[bool] = None) -> None:
    if run is not None:
        run.finish()


atexit.register(finish)
join = finish


def save(glob_str: Any = None, base_path: Any = None, policy: Any = None) -> list:
    if run is None:
        raise Error("You must call wandb.init() before wandb.save()")
    return run.save(glob_str, base_path, policy)


def define_metric(name: str, *args: Any, **kwargs: Any) -> Any:
    if run is None:
        raise Error("You must call wandb.init() before wandb.define_metric()")
    return run.define_metric(name, *args, **kwargs)


def login(*args: Any, **kwargs: Any) -> bool:
    return True


def setup(*args: Any, **kwargs: Any) -> None:
    """Nothing is set up."""


require = setup


def generate_id(length: int = 8) -> str:
    return uuid.uuid4().hex[:length]


def termlog(string: str = "", *args: Any, **kwargs: Any) -> None:
    print(string, file=sys.stderr, flush=True)


termwarn = termerror = termlog


def sweep(*args: Any, **kwargs: Any) -> Optional[str]:
    """The id of the sweep that this trial belongs to."""
    return seqsweep.trial().sweep


def agent(sweep_id: Any = None, function: Optional[Callable[[], Any]] = None, *args: Any, **kwargs: Any) -> None:
    """Calls the function once: this process is one trial."""
    if function is not None:
        function()
        finish()


def _follow_tensorboard() -> None:
    """Logs what a SummaryWriter is given, as W&B does; the values of one step are one row."""
    for name in ("torch.utils.tensorboard", "tensorboardX"):
        writer = getattr(sys.modules.get(name), "SummaryWriter", None)
        if writer is None or hasattr(writer, "_of_seqsweep"):
            continue
        add_scalar = writer.add_scalar

        def followed(self: Any, tag: str, scalar_value: Any, global_step: Optional[int] = None, *args: Any, **kwargs: Any) -> Any:
            if run is not None:
                if global_step is not None and run._row.get("global_step", global_step) != global_step:
                    run.log({})
                run.log({tag: scalar_value, **({} if global_step is None else {"global_step": global_step})}, commit=global_step is None)
            return add_scalar(self, tag, scalar_value, global_step, *args, **kwargs)

        writer.add_scalar, writer._of_seqsweep = followed, True


# ---------------------------------------------------------------------------------------------------------------------------------
# Callbacks of training libraries, whose modules are imported when they are asked for


def _keras_callback(prefix: str) -> type:
    try:
        from keras.callbacks import Callback  # type: ignore[import-not-found]
    except ImportError:
        from tensorflow.keras.callbacks import Callback  # type: ignore[import-not-found]

    class KerasCallback(Callback):
        """Logs every epoch of Model.fit."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__()

        def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
            log({f"{prefix}{name}": value for name, value in {**(logs or {}), "epoch": epoch}.items()})

    return KerasCallback


def _xgboost_callback() -> type:
    from xgboost.callback import TrainingCallback  # type: ignore[import-not-found]

    class XgboostCallback(TrainingCallback):
        """Logs every iteration of xgboost."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__()

        def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, Any]]) -> bool:
            log({f"{data}-{metric}": values[-1] for data, metrics in evals_log.items() for metric, values in metrics.items()})
            return False

    return XgboostCallback


def _lightgbm_callback(*args: Any, **kwargs: Any) -> Callable[[Any], None]:
    """Logs every iteration of LightGBM."""
    return lambda env: log({f"{data}_{metric}": value for data, metric, value, *_ in env.evaluation_result_list})


def _of_library(library: str, name: str) -> Any:
    """What a module such as ``wandb.integration.keras`` has for its library; None for nothing."""
    if library == "keras" and name in ("WandbCallback", "WandbMetricsLogger"):
        return _keras_callback("epoch/" if name == "WandbMetricsLogger" else "")
    if library == "keras" and name == "WandbModelCheckpoint":
        from keras.callbacks import ModelCheckpoint  # type: ignore[import-not-found]

        return ModelCheckpoint
    if library == "xgboost" and name in ("WandbCallback", "wandb_callback"):
        return _xgboost_callback()
    return _lightgbm_callback if library == "lightgbm" and name == "wandb_callback" else None


# ---------------------------------------------------------------------------------------------------------------------------------
# Every other name


class _Submodules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """``wandb.sdk`` and its like: modules whose every name is a stand-in."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.startswith("wandb.") else None

    def create_module(self, spec: Any) -> Any:
        return None

    def exec_module(self, module: Any) -> None:
        library = module.__name__.rpartition(".")[2]
        module.__getattr__ = lambda name: _of_library(library, name) or _stand_in(name, name)


def _stand_in(name: str, path: str) -> Any:
    """What a script finds under a name that is not written out here, or below another one."""
    if name.startswith("__"):
        raise AttributeError(name)
    if name in _WITHIN:
        return globals()[name]
    if name == "Api":
        return _Nothing(path)
    if name.endswith(("Error", "Exception")):
        return Error
    return _classes.setdefault(name, type(name, (_Media,), {})) if name[0].isupper() else _Nothing(path)


_classes: Dict[str, type] = {}

#: Names of this module that scripts find in those below it.
_WITHIN = ("Config", "Run", "Settings", "Summary", "Table", "generate_id")


def __getattr__(name: str) -> Any:
    return _stand_in(name, name)


if _spec is None:
    __path__: list = []
    sys.meta_path.append(_Submodules())
