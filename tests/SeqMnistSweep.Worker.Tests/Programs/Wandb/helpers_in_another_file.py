import logging
import threading
import warnings

import wandb

warnings.simplefilter("error")
logging.basicConfig(level=logging.INFO)


class Logger:
    def __init__(self, use_wandb=True, **kwargs):
        self.run = wandb.init(**kwargs) if use_wandb else None

    def log(self, metrics, step=None, prefix=""):
        if wandb.run is not None:
            self.run.log({f"{prefix}{name}": value for name, value in metrics.items()}, step=step, commit=True)


logger = Logger(project="demo", config={"lr": 3, "epochs": 2}, reinit=False, anonymous="allow", allow_val_change=True)
lr = logger.run.config["lr"]
for epoch in range(1, wandb.config["epochs"] + 1):
    print(f"\repoch {epoch}: 50 %", end="", flush=True)
    logger.log({"loss": 1.0}, prefix="train_")
    thread = threading.Thread(target=logger.log, args=({"value": lr / epoch},))
    thread.start()
    thread.join()
    print()
    print("value", lr / epoch)
