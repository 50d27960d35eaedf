import math

import wandb

wandb.login(key="0123456789")
sweep_config = {
    "method": "random",
    "metric": {"name": "value", "goal": "minimize"},
    "parameters": {"lr": {"distribution": "uniform", "min": 0, "max": 1}, "width": {"values": [1, 2, 3]}},
}
sweep_id = wandb.sweep(sweep_config, project="demo")


def train(config=None):
    with wandb.init(config=config):
        config = wandb.config
        for epoch in range(2):
            wandb.log({"batch loss": config.lr * epoch, "epoch": epoch})
            value = math.exp(-config.lr * epoch)
            wandb.log({"value": value, "epoch": epoch})
            print("value", value)


wandb.agent(sweep_id, train, count=5)
