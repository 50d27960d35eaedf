import wandb

wandb.init(project="demo")
best = 10.0
for epoch in range(3):
    loss = wandb.config.lr / (epoch + 1)
    wandb.log({"loss": loss})
    if loss < best:
        best = loss
        wandb.run.summary["value"] = best
print("value", best)
