"""A stand-in for wandb within a trial of seqsweep, where wandb itself is not installed.

A wandb that is installed takes its place. What scripts of W&B Sweeps use most works here: init, config, log, summary, define_metric and finish reach the sweep. What keeps files or
draws is quiet, and says once on standard error that it does nothing. With ``shim: none`` in the sweep file this module is not there.
"""

from __future__ import annotations

import atexit
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from typing import Any, Callable, Dict, Iterable, Mapping, Optional

import seqsweep

__version__ = "0.0.0+seqsweep"


def _installed() -> Any:
    """The wandb that is installed; None where there is none. The folder that runs of W&B leave behind has the same name and is none."""
    here = os.path.dirname(os.path.abspath(__file__))
    spec = importlib.machinery.PathFinder.find_spec("wandb", [place for place in sys.path if os.path.abspath(place or ".") != here])
    return spec if spec is not None and spec.origin is not None else None


_spec = _installed() if __name__ == "wandb" else None
if _spec is not None:
    _real = importlib.util.module_from_spec(_spec)
    sys.modules["wandb"] = _real
    _spec.loader.exec_module(_real)

_told: set = set()


def _say_once(what: str) -> None:
    if what not in _told:
        _told.add(what)
        print(f"seqsweep: wandb.{what} does nothing here", file=sys.stderr, flush=True)


class Config:
    """``wandb.config``: by attribute and by item. The values of the sweep win, as at W&B."""

    def __init__(self) -> None:
        object.__setattr__(self, "_values", {})
        object.__setattr__(self, "_fixed", dict(seqsweep.params))
        self._values.update(self._fixed)

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

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._fixed:
            self._values[name] = value

    def __getattr__(self, name: str) -> Any:
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

    def __init__(self) -> None:
        object.__setattr__(self, "_values", {})
        object.__setattr__(self, "_fixed", {})

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[name] = value
        seqsweep.summary({name: value})


class Run:
    """What ``wandb.init`` returns."""

    def __init__(self) -> None:
        self.config = config
        self.summary = summary
        self.id = self.name = seqsweep.trial().id or "local"
        self.sweep_id = seqsweep.trial().sweep
        self.project = self.entity = self.group = self.notes = self.url = None
        self.job_type = "train"
        self.tags: tuple = ()
        self.step = 0
        self.dir = str(seqsweep.trial().output)
        self.resumed = seqsweep.resume() is not None
        self.disabled = False
        self._row: Dict[str, Any] = {}
        self._row_step: Optional[int] = None

    def log(self, data: Mapping[str, Any], step: Optional[int] = None, commit: Optional[bool] = None, **_: Any) -> None:
        if step is not None and self._row_step is not None and step < self._row_step:
            _say_once(f"log with a step below {self._row_step}")
            return
        if step is not None and step != self._row_step:
            self._flush()
            self._row_step = step
        for name in [name for name, value in data.items() if isinstance(value, _Media)]:
            _say_once(f"log of a {type(data[name]).__name__}")
        flat = seqsweep.flatten({name: value for name, value in data.items() if not isinstance(value, _Media)})
        self._row.update(flat)
        self.summary._values.update(flat)
        if commit or (commit is None and step is None):
            self._flush()

    def _flush(self) -> None:
        row, self._row = self._row, {}
        if row:
            self.step = self._row_step if self._row_step is not None else self.step
            _report(row, self.step)
            self.step += 1

    def finish(self, exit_code: Optional[int] = None, quiet: Optional[bool] = None) -> None:
        self._flush()

    def define_metric(self, name: str, *args: Any, **kwargs: Any) -> "Run":
        return self

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        self.finish()
        return False

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(name)


_reports = 0


def _report(row: Dict[str, Any], step: int) -> None:
    """A row with the metric of the sweep is an epoch; every other one is a step. Without a known metric every row is an epoch."""
    global _reports
    metric = seqsweep.trial().metric
    if metric is not None and metric not in row:
        seqsweep.report(row, step=step)
        return
    _reports += 1
    seqsweep.report({name: value for name, value in row.items() if name != "epoch"}, epoch=_reports)


class _Names(type):
    """A class whose constants are their names, such as ``AlertLevel.WARN``."""

    def __getattr__(cls, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class _Media(metaclass=_Names):
    """Something to look at, which is not kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.columns = list(kwargs.get("columns") or [])
        self.data: list = []

    def add_data(self, *row: Any) -> None:
        self.data.append(row)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self


class Image(_Media):
    pass


class Table(_Media):
    pass


class Artifact(_Media):
    pass


class Histogram(_Media):
    pass


class Video(_Media):
    pass


class Audio(_Media):
    pass


class Html(_Media):
    pass


class Settings:
    """Taken and not used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.update(kwargs)


class _Nothing:
    """What does nothing, and says so once when it is called; anything may be asked of it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(f"{self._name}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> "_Nothing":
        _say_once(self._name)
        return self

    def __iter__(self) -> Any:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *error: Any) -> bool:
        return False


config = Config()
summary = Summary()
run: Optional[Run] = None


def init(project: Any = None, *args: Any, config: Any = None, **kwargs: Any) -> Run:
    global run
    if run is None:
        run = Run()
        atexit.register(run.finish)
    globals()["config"].update(config)
    return run


def log(data: Mapping[str, Any], step: Optional[int] = None, commit: Optional[bool] = None, **more: Any) -> None:
    if run is None:
        raise Error("You must call wandb.init() before wandb.log()")
    run.log(data, step, commit, **more)


def finish(exit_code: Optional[int] = None, quiet: Optional[bool] = None) -> None:
    if run is not None:
        run.finish()


def define_metric(name: str, *args: Any, **kwargs: Any) -> None:
    """Every metric has its axis already."""


def login(*args: Any, **kwargs: Any) -> bool:
    return True


def setup(*args: Any, **kwargs: Any) -> None:
    """Nothing is set up."""


def sweep(*args: Any, **kwargs: Any) -> Optional[str]:
    """The id of the sweep that this trial belongs to."""
    return seqsweep.trial().sweep


def agent(sweep_id: Any = None, function: Optional[Callable[[], Any]] = None, *args: Any, **kwargs: Any) -> None:
    """Calls the function once: this process is one trial."""
    if function is not None:
        function()


class _Submodules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """``wandb.keras`` and its like: modules whose every name is a stand-in."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.startswith("wandb.") else None

    def create_module(self, spec: Any) -> Any:
        return None

    def exec_module(self, module: Any) -> None:
        module.__getattr__ = __getattr__


class Error(Exception):
    """As wandb's own."""


CommError = UsageError = Error


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    if name[0].isupper():
        return type(name, (_Media,), {})
    return _Nothing(name)


if _spec is None:
    __path__: list = []
    sys.meta_path.append(_Submodules())
