import wandb.errors
import wandb.plot
import wandb.sdk
import wandb.util
from typing import Optional, Union
from wandb import AlertLevel, Image, Table, util
from wandb.data_types import Histogram
from wandb.errors import CommError
from wandb.sdk.wandb_run import Run
from wandb.util import generate_id


def announce(run: Optional[wandb.sdk.wandb_run.Run] = None, other: Union[wandb.wandb_sdk.wandb_run.Run, "str"] = None) -> None:
    assert isinstance(run, Run)


wandb.require("core")
wandb.setup(wandb.Settings(program="train", program_relpath="train"))
if wandb.api.api_key is None:
    wandb.login()
run = wandb.init(id=generate_id(), resume="allow", reinit=True, dir=".", group="g", job_type="train", notes="n")
announce(run)
assert isinstance(run.id, str) and len(run.id) == 8 and run.project and run.entity
assert isinstance(wandb.Image([1]), wandb.Image)
for kind in (wandb.errors.UsageError, CommError, wandb.Error):
    try:
        raise kind("x")
    except wandb.errors.Error:
        pass
api = wandb.Api()
for other in api.runs("me/demo"):
    print(other.summary)
print(api.sweep("me/demo/abc").best_run().config["lr"], run.url, run.get_url())
for value in (3, 2):
    wandb.log({"value": value}, commit=False)
    wandb.log({"late": 1})
    print("value", value)
wandb.termlog("hello")
wandb.sklearn.plot_confusion_matrix([1], [1], ["a"])
run.log({"pr": wandb.plot.pr_curve([0], [[1]]), "line": wandb.plot.line(Table(["x", "y"], [[1, 2]]), "x", "y", title="t"), "h": Histogram([1])})
wandb.config.update(wandb.config)
wandb.unwatch()
run.finish(exit_code=0)
