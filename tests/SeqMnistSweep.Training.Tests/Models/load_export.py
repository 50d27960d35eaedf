"""Loads an exported file into the reference's class, strictly, and prints the logits of seeded images, one line each.

The class has the attributes of locuslab's TemporalBlock and TCN, which fix the names in its state_dict: each convolution is held
twice, as conv1 or conv2 and within net. Arguments: file, kernel size, hidden, levels.
"""
import json
import struct
import sys

import numpy as np
import torch
from torch import nn
from torch.nn.utils import weight_norm


class Chomp(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return x[:, :, : -self.size]


class TemporalBlock(nn.Module):
    def __init__(self, inputs, outputs, kernel, dilation):
        super().__init__()
        padding = (kernel - 1) * dilation
        self.conv1 = weight_norm(nn.Conv1d(inputs, outputs, kernel, padding=padding, dilation=dilation))
        self.conv2 = weight_norm(nn.Conv1d(outputs, outputs, kernel, padding=padding, dilation=dilation))
        self.net = nn.Sequential(
            self.conv1, Chomp(padding), nn.ReLU(), nn.Dropout(0.0), self.conv2, Chomp(padding), nn.ReLU(), nn.Dropout(0.0))
        self.downsample = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x):
        return torch.relu(self.net(x) + (x if self.downsample is None else self.downsample(x)))


class TemporalConvNet(nn.Module):
    def __init__(self, hidden, kernel, levels):
        super().__init__()
        self.network = nn.Sequential(*[TemporalBlock(1 if i == 0 else hidden, hidden, kernel, 2**i) for i in range(levels)])

    def forward(self, x):
        return self.network(x)


class TCN(nn.Module):
    def __init__(self, hidden, kernel, levels):
        super().__init__()
        self.tcn = TemporalConvNet(hidden, kernel, levels)
        self.linear = nn.Linear(hidden, 10)

    def forward(self, x):
        return self.linear(self.tcn(x)[:, :, -1])


def read(path):
    data = open(path, "rb").read()
    length = struct.unpack("<q", data[:8])[0]
    header, start = json.loads(data[8 : 8 + length]), 8 + length
    state = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            state[name] = torch.from_numpy(np.frombuffer(data[start + begin : start + end], "<f4").reshape(entry["shape"]).copy())
    return state


path, kernel, hidden, levels = sys.argv[1], *map(int, sys.argv[2:5])
model = TCN(hidden, kernel, levels)
model.load_state_dict(read(path), strict=True)
model.eval()
pixels = (np.arange(6 * 784, dtype=np.int64) * 7919 % 251).astype(np.uint8).reshape(6, 1, 784)
x = (torch.from_numpy(pixels).float() / 255 - 0.1307) / 0.3081
with torch.no_grad():
    for row in model(x).log_softmax(1).exp():
        print(" ".join(f"{value:.9g}" for value in row.tolist()))
