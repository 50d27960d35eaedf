import wandb

run = wandb.init()
for i in range(3):
    wandb.log({"train": i}, step=i * 10)
    wandb.log({"value": i + 0.5}, step=i * 10)
    wandb.log({"late": 1}, step=max(0, i * 10 - 5))
    print("value", i + 0.5)
wandb.log({"x": 1})
wandb.log({"y": 1})
wandb.log({"z": 1}, step=100, commit=True)
wandb.log({"w": 1})
assert run.step == 102, run.step
wandb.finish()
for fold in range(2):
    run = wandb.init(reinit=True, config={"fold": fold})
    assert wandb.config.fold == fold and run.step == 0
    for i in range(2):
        wandb.log({"value": 10 + fold + i, "step": i, "type": 3, "checkpoint": 5}, step=i)
        print("value", 10 + fold + i)
    run.finish()
