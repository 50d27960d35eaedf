"""Data-parallel PyTorch in processes of its own: see ranks.yaml. Each rank has a part of the data; gradients are averaged over gloo."""
import argparse
import os
import tempfile

import seqsweep
import torch
import torch.distributed as dist
import torch.multiprocessing

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--ranks", type=int, default=2)


def train(rank, options, meeting):
    os.environ["RANK"] = str(rank)  # torchrun sets it; seqsweep is quiet in every rank but the first
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=options.ranks)
    torch.manual_seed(seqsweep.trial().seed)
    x = torch.rand(512, 1) * 2 - 1
    y = 3 * x + 1
    part = slice(rank, None, options.ranks)
    model = torch.nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=options.lr)
    for epoch in range(1, options.epochs + 1):
        for _ in range(20):
            loss = (model(x[part]) - y[part]).pow(2).mean()
            optimizer.zero_grad()
            loss.backward()
            for parameter in model.parameters():
                dist.all_reduce(parameter.grad)
                parameter.grad /= options.ranks
            optimizer.step()
        seqsweep.report(epoch=epoch, val_loss=loss, ranks=dist.get_world_size())
        stop = torch.tensor(float(seqsweep.should_stop()))
        dist.broadcast(stop, src=0)
        if stop:
            break


if __name__ == "__main__":
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(train, (options, f"{folder}/meeting"), nprocs=options.ranks)
