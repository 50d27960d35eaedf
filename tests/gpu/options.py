"""What a training step costs and what would make it cheaper, measured in PyTorch itself: the step of TorchPasses operator for operator, eager
and as a CUDA graph, and one convolution for several models at once in two ways. Prints a line NAME: VALUE each.

python3 options.py cuda|cpu [short]"""

import sys
import time

import torch
import torch.nn.functional as F

device = torch.device(sys.argv[1])
short = len(sys.argv) > 2
gpu = device.type == "cuda"
LEVELS, KERNEL, HIDDEN, PIXELS = 8, 7, 30, 784
BATCH = 128 if gpu else 2
torch.backends.cudnn.allow_tf32 = False

shapes = []
for block in range(LEVELS):
    for name, inputs in (("1", 1 if block == 0 else HIDDEN), ("2", HIDDEN)):
        shapes += [(f"{block}.{name}.g", (HIDDEN, 1, 1)), (f"{block}.{name}.v", (HIDDEN, inputs, KERNEL)), (f"{block}.{name}.b", (HIDDEN,))]
    if block == 0:
        shapes += [("d.w", (HIDDEN, 1, 1)), ("d.b", (HIDDEN,))]
shapes += [("l.w", (10, HIDDEN)), ("l.b", (10,))]
sizes = [int(torch.tensor(shape).prod()) for _, shape in shapes]

flat = (torch.randn(sum(sizes), device=device) * 0.1).requires_grad_(True)
first, second = torch.zeros_like(flat), torch.zeros_like(flat)
steps = torch.zeros((), device=device)
images = torch.randint(0, 256, (BATCH, PIXELS), dtype=torch.uint8, device=device)
labels = torch.randint(0, 10, (BATCH,), device=device)


def convolve(x, left, weight, bias, stride):
    return F.conv2d(F.pad(x, (left, 0)), weight.unsqueeze(2), bias, stride=(1, stride))


def activate(x):
    return F.dropout(x, 0.05, True, True).relu_()


def step():
    """LastStepForward, TorchPasses, TorchOptimizer and BatchTally."""
    x = images.to(torch.float32).div_(255).sub_(0.1307).div_(0.3081).view(-1, 1, PIXELS)
    p = {name: part.view(shape) for part, (name, shape) in zip(flat.split(sizes), shapes)}
    w = {key: torch._weight_norm(p[key + ".v"], p[key + ".g"], 0) for block in range(LEVELS) for key in (f"{block}.1", f"{block}.2")}
    h = x.unsqueeze(2).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)
    for block in range(LEVELS):
        one, two = f"{block}.1", f"{block}.2"
        n = h.shape[3]
        skip = (n - 1) % 2
        if block < LEVELS - 1:
            a = activate(convolve(h, KERNEL - 1, w[one], p[one + ".b"], 1))
            a = activate(convolve(a, KERNEL - 1 - skip, w[two], p[two + ".b"], 2))
            rest = h[:, :, :, skip::2]
        else:
            outputs = min(n, KERNEL)
            used = min(n, outputs + KERNEL - 1)
            a = activate(convolve(h[:, :, :, n - used:], outputs + KERNEL - 1 - used, w[one], p[one + ".b"], 1))
            a = activate(convolve(a, KERNEL - outputs, w[two], p[two + ".b"], 1))
            rest = h[:, :, :, n - 1:]
        h = (a + (F.conv2d(rest, p["d.w"].unsqueeze(2), p["d.b"]) if block == 0 else rest)).relu_()
    scores = F.log_softmax(F.linear(h.reshape(BATCH, HIDDEN), p["l.w"], p["l.b"]), 1)
    loss = F.nll_loss(scores, labels)
    flat.grad = None
    loss.backward()
    torch.stack([loss.detach().double(), scores.detach().argmax(1).eq(labels).sum().double()])
    with torch.no_grad():
        torch._foreach_add_([steps], 1)
        if gpu:
            torch._fused_adam_([flat], [flat.grad], [first], [second], [], [steps], lr=2e-3, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)


def milliseconds(run, repeats):
    """The middle one of three."""
    wait = torch.cuda.synchronize if gpu else (lambda: None)
    for _ in range(3):
        run()
    taken = []
    for _ in range(3):
        wait()
        began = time.perf_counter()
        for _ in range(repeats):
            run()
        wait()
        taken.append((time.perf_counter() - began) / repeats * 1e3)
    return sorted(taken)[1]


repeats = 50 if gpu else 1
print(f"step, eager PyTorch: {milliseconds(step, repeats):.3f} ms")
if gpu:
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiled:
        step()
        torch.cuda.synchronize()
    kernels = [event for event in profiled.events() if event.device_type == torch.autograd.DeviceType.CUDA]
    print(f"kernels and copies a step: {len(kernels)}, on the GPU {sum(event.self_device_time_total for event in kernels) / 1e3:.3f} ms")
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    print(f"step, as a CUDA graph: {milliseconds(graph.replay, repeats):.3f} ms")

# One convolution of the second block, forwards and backwards.
length = 49 if short else 392
for models in (1, 8, 64) if gpu else (1, 2):
    x = torch.randn(BATCH, models * HIDDEN, length + KERNEL - 1, device=device, requires_grad=True)
    weights = torch.randn(models * HIDDEN, HIDDEN, KERNEL, device=device, requires_grad=True)
    rows = torch.randn(models, BATCH * (length + KERNEL - 1), 32, device=device, requires_grad=True)
    taps = torch.randn(models, KERNEL, 32, 32, device=device, requires_grad=True)

    def grouped():
        F.conv1d(x, weights, groups=models).sum().backward()
        x.grad = weights.grad = None

    def by_taps():
        used = rows.shape[1] - KERNEL + 1
        z = torch.bmm(rows[:, :used], taps[:, 0])
        for tap in range(1, KERNEL):
            z = torch.baddbmm(z, rows[:, tap:tap + used], taps[:, tap])
        z.sum().backward()
        rows.grad = taps.grad = None

    for name, run in (("grouped conv1d", grouped), ("baddbmm by taps", by_taps)):
        try:
            taken = milliseconds(run, 5 if gpu else 1)
            print(f"{models} models, {name}: {taken:.3f} ms, {3 * 2.0 * models * BATCH * length * HIDDEN * HIDDEN * KERNEL / taken / 1e9:.3f} TFLOP/s")
        except RuntimeError as error:
            print(f"{models} models, {name}: {str(error).splitlines()[0][:80]}")
