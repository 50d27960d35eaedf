import copy
import json
import os
from types import SimpleNamespace

import wandb

defaults = dict(lr=1.0, width=1, batch=32, optimizer="sgd")
config = wandb.config
with wandb.init(config=defaults, mode="offline") as run:
    assert config is wandb.config and config.lr == 0.5 and config["width"] == 3 and run.config.batch == 32
    assert wandb.config.optimizer == "adam"
    assert dict(config)["lr"] == 0.5 and SimpleNamespace(**config).width == 3 and config.get("nope", 4) == 4 and "lr" in config
    assert copy.deepcopy(config).lr == 0.5
    config.update({"extra": 1, "lr": 9}, allow_val_change=True)
    config.new, config["newer"] = 4, 5
    assert (config.lr, config.extra, config.new, wandb.config["newer"]) == (0.5, 1, 4, 5)
    config.setdefaults({"batch": 64, "more": 6})
    assert (config.batch, config.more) == (32, 6)
    assert not hasattr(config, "missing") and getattr(config, "missing", 7) == 7
    assert run.sweep_id == wandb.run.sweep_id == os.environ["WANDB_SWEEP_ID"]
    json.dumps(dict(wandb.config))
    for step in range(3):
        value = config.lr / (step + 1)
        run.log({"value": value}, step=step)
        run.log({"accuracy": 1 - value}, step=step)
        print("value", value)
assert wandb.run is None
