"""A small classifier in plain PyTorch, as a trial of a sweep: see pytorch.yaml. Needs nothing of seqsweep.

Arguments are the parameters. Each line of JSON on standard output is the report of an epoch. A checkpoint lies in
SEQSWEEP_CHECKPOINT_FOLDER; SEQSWEEP_RESUME, where it is set, is the one to go on from.
"""
import argparse
import json
import os

import torch
from torch import nn

arguments = argparse.ArgumentParser()
arguments.add_argument("--lr", type=float, default=0.01)
arguments.add_argument("--hidden", type=int, default=16)
arguments.add_argument("--epochs", type=int, default=5)
options = arguments.parse_args()
folder = os.environ.get("SEQSWEEP_CHECKPOINT_FOLDER", ".")


def spirals(count, seed):
    """Two spirals that wind around each other: points in the plane, and to which of the two each belongs."""
    random = torch.Generator().manual_seed(seed)
    label = torch.arange(count) % 2
    turn = 0.3 + 4 * torch.rand(count, generator=random)
    angle = turn + torch.pi * label
    point = torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1)
    return point + 0.1 * torch.randn(count, 2, generator=random), label


train, test = spirals(2048, seed=1), spirals(1024, seed=2)
torch.manual_seed(int(os.environ.get("SEQSWEEP_SEED", "1")))
model = nn.Sequential(nn.Linear(2, options.hidden), nn.Tanh(), nn.Linear(options.hidden, options.hidden), nn.Tanh(), nn.Linear(options.hidden, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)
first = 1
if resume := os.environ.get("SEQSWEEP_RESUME"):
    state = torch.load(resume)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    first = state["epoch"] + 1

for epoch in range(first, options.epochs + 1):
    order = torch.randperm(len(train[1]), generator=torch.Generator().manual_seed(epoch))
    for batch in order.split(64):
        loss = nn.functional.cross_entropy(model(train[0][batch]), train[1][batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        logits = model(test[0])
        val_loss = nn.functional.cross_entropy(logits, test[1]).item()
        accuracy = (logits.argmax(1) == test[1]).float().mean().item()
    state = {"epoch": epoch, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, os.path.join(folder, "next.pt"))
    os.replace(os.path.join(folder, "next.pt"), os.path.join(folder, "last.pt"))  # never seen half-written
    report = {"epoch": epoch, "train_loss": loss.item(), "val_loss": val_loss, "val_accuracy": accuracy, "checkpoint": "last.pt"}
    print(json.dumps(report), flush=True)
