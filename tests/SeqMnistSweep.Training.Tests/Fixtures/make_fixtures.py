"""Writes what PyTorch computes for the reference network, as the oracle of the C# tests.

Needs Debian's python3-torch and python3-numpy (made with 1.13.1 and 1.24.2); run with /usr/bin/python3. Usage: make_fixtures.py FOLDER
Inputs come from numpy's RandomState, which is the same everywhere. The results are the same byte for byte on one kind of CPU;
on others, whose kernels add in another order, they agree to rounding.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import weight_norm

SHAPES = {
    # name: levels, kernel, hidden, channels, length, batch, types
    "notebook": (8, 7, 30, 1, 784, 2, ["float32", "float64"]),
    "small": (3, 3, 5, 1, 50, 3, ["float32", "float64"]),
    "rows": (4, 5, 8, 28, 28, 4, ["float32", "float64"]),
    "odd": (5, 4, 6, 1, 101, 3, ["float32", "float64"]),
    "single": (1, 2, 3, 1, 7, 2, ["float32", "float64"]),
    "equal-channels": (4, 3, 4, 4, 49, 3, ["float32", "float64"]),
    "short": (6, 7, 5, 112, 7, 3, ["float32", "float64"]),
    "one-step": (2, 3, 4, 784, 1, 2, ["float32", "float64"]),
}

OPTIMIZERS = {
    "adam": (torch.optim.Adam, dict(lr=0.01)),
    "adam-decay": (torch.optim.Adam, dict(lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    "adamw": (torch.optim.AdamW, dict(lr=0.01)),
    "adamw-decay": (torch.optim.AdamW, dict(lr=0.01, betas=(0.8, 0.95), weight_decay=0.3)),
    "sgd": (torch.optim.SGD, dict(lr=0.05)),
    "sgd-momentum": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, weight_decay=0.1)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.01)),
    "rmsprop-momentum": (torch.optim.RMSprop, dict(lr=0.01, momentum=0.9, eps=1e-6, weight_decay=0.1)),
}


class CausalBlock(nn.Module):
    def __init__(self, inputs, outputs, kernel, dilation):
        super().__init__()
        self.future = (kernel - 1) * dilation
        self.conv1 = weight_norm(nn.Conv1d(inputs, outputs, kernel, padding=self.future, dilation=dilation))
        self.conv2 = weight_norm(nn.Conv1d(outputs, outputs, kernel, padding=self.future, dilation=dilation))
        self.downsample = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x):
        h = F.relu(self.conv1(x)[:, :, : -self.future].contiguous())
        h = F.relu(self.conv2(h)[:, :, : -self.future].contiguous())
        return F.relu(h + (x if self.downsample is None else self.downsample(x)))


class Network(nn.Module):
    def __init__(self, levels, kernel, hidden, channels):
        super().__init__()
        self.tcn = nn.Module()
        self.tcn.network = nn.Sequential(*[CausalBlock(channels if i == 0 else hidden, hidden, kernel, 2**i) for i in range(levels)])
        self.linear = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.linear(self.tcn.network(x)[:, :, -1])


def save(path, tensors):
    names = {np.dtype("float32"): "F32", np.dtype("float64"): "F64", np.dtype("int64"): "I64"}
    arrays = {name: np.ascontiguousarray(t.detach().numpy() if isinstance(t, torch.Tensor) else t) for name, t in tensors.items()}
    header, body = {}, b""
    for name in sorted(arrays, key=lambda n: (-arrays[n].itemsize, n)):
        data = arrays[name].tobytes()
        header[name] = {"dtype": names[arrays[name].dtype], "shape": list(arrays[name].shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<q", len(text)) + text + body)


def filled(network, random):
    """Weights of the size that training has, g away from |v| so that the weight norm matters."""
    for name, p in sorted(network.named_parameters()):
        bound = 1 / np.sqrt(np.prod(p.shape[1:])) if p.dim() > 1 and not name.endswith("_g") else 0.3
        values = random.uniform(0.5, 1.0, p.shape) if name.endswith("_g") else random.uniform(-bound, bound, p.shape)
        p.data.copy_(torch.from_numpy(values))
    return network


def shape_case(folder, name, levels, kernel, hidden, channels, length, batch, types):
    for kind in types:
        random = np.random.RandomState(len(name) * 1000 + levels)
        dtype = getattr(torch, kind)
        network = filled(Network(levels, kernel, hidden, channels).to(dtype), random)
        x = torch.from_numpy(random.standard_normal((batch, channels, length))).to(dtype)
        y = torch.from_numpy(random.randint(0, 10, batch).astype(np.int64))
        logits = network(x)
        loss = F.nll_loss(F.log_softmax(logits, dim=1), y)
        loss.backward()
        tensors = {"x": x, "y": y, "logits": logits, "loss": loss}
        for parameter, p in network.named_parameters():
            tensors["weights." + parameter] = p
            tensors["grad." + parameter] = p.grad
        save(folder / f"{name}-{kind}.safetensors", tensors)


def optimizer_cases(folder):
    random = np.random.RandomState(5)
    start = random.standard_normal(64).astype(np.float32)
    gradients = (random.standard_normal((5, 64)) * np.array([1, 0.1, 3, 0.01, 1])[:, None]).astype(np.float32)
    tensors = {"start": start, "gradients": gradients}
    for name, (rule, settings) in OPTIMIZERS.items():
        for clip in (None, 0.5):
            p = nn.Parameter(torch.from_numpy(start.copy()))
            optimizer = rule([p], foreach=False, **settings)
            after = []
            for gradient in gradients:
                p.grad = torch.from_numpy(gradient.copy())
                if clip:
                    nn.utils.clip_grad_norm_([p], clip)
                optimizer.step()
                after.append(p.detach().clone())
            tensors[name if clip is None else name + "-clipped"] = torch.stack(after)
    save(folder / "optimizers.safetensors", tensors)


def training_curve(folder):
    random = np.random.RandomState(30)
    network = filled(Network(4, 5, 10, 1), random)
    tensors = {"weights." + name: p.detach().clone() for name, p in network.named_parameters()}
    x = torch.from_numpy(random.standard_normal((480, 1, 49)).astype(np.float32))
    y = torch.from_numpy(random.randint(0, 10, 480).astype(np.int64))
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    losses = []
    for batch in range(30):
        part = slice(16 * batch, 16 * batch + 16)
        optimizer.zero_grad()
        loss = F.nll_loss(F.log_softmax(network(x[part]), dim=1), y[part])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    tensors.update(x=x, y=y, losses=np.array(losses))
    save(folder / "curve.safetensors", tensors)


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in SHAPES.items():
        shape_case(folder, name, *case)
    optimizer_cases(folder)
    training_curve(folder)


main()
