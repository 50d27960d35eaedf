import numpy as np
import torch
import wandb

wandb.init(config={"epochs": 2})
torch.manual_seed(1)
model = torch.nn.Linear(2, wandb.config.width)
wandb.watch(model, log="gradients")
optimizer = torch.optim.Adam(model.parameters(), lr=wandb.config.lr)
for epoch in range(wandb.config.epochs):
    loss = model(torch.ones(1, 2)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    wandb.log({"value": loss, "single": np.float32(2), "many": np.ones(3), "whole": np.int64(4), "flag": np.bool_(True), "nan": float("nan"),
               "tensor": torch.ones(3), "list": [1, 2], "text": "x", "none": None}, step=epoch)
    print("value", loss.item())
torch.save(model.state_dict(), f"{wandb.run.dir}/model.pt")
wandb.save("*.pt")
