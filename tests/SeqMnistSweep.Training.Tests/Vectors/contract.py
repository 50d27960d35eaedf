"""The arithmetic contract of src/SeqMnistSweep.Training/README.md, written a second time from its text with numpy.

usage: contract.py BEFORE AFTER BATCH SEED EPOCH DONE
BEFORE and AFTER are checkpoints with one training step between them, BATCH holds the step's pixels (n x 784 bytes, in the order in
which the network sees them) and then its n labels, SEED is the step's dropout seed, DONE the share of the epoch's images before it.
Prints the tensors that AFTER has otherwise.
"""
import json
import struct
import sys

import numpy as np

F, D, U = np.float32, np.float64, np.uint64
MASK = (1 << 64) - 1
np.seterr(all="ignore")


def read(path):
    data = open(path, "rb").read()
    (size,) = struct.unpack("<q", data[:8])
    header = json.loads(data[8:8 + size])
    types = {"F32": F, "F64": D, "I64": np.int64}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(data[8 + size + start:8 + size + end], types[entry["dtype"]]).reshape(entry["shape"]).copy()
    return header["__metadata__"], tensors


def fma(a, b, c):
    """a b + c in float32, rounded once: exact product in double, sum rounded to odd."""
    product = D(a) * D(b)
    total = product + D(c)
    back = total - product
    lost = (product - (total - back)) + (D(c) - back)
    bits = np.asarray(total, D).view(np.int64)
    step = np.where((lost > 0) == (total > 0), 1, -1)
    odd = np.where((lost != 0) & np.isfinite(total) & (bits & 1 == 0), bits + step, bits)
    return odd.view(D).astype(F)


def dot(a, b):
    products = D(a).ravel() * D(b).ravel()
    whole = len(products) // 4 * 4
    sums = [D(0)] * 4
    for i in range(whole):
        sums[i % 4] = sums[i % 4] + products[i]
    for i in range(whole, len(products)):
        sums[0] = sums[0] + products[i]
    return (sums[0] + sums[1]) + (sums[2] + sums[3])


def horner(coefficients, x):
    total = coefficients[0]
    for coefficient in coefficients[1:]:
        total = total * x + coefficient
    return total


LN2_HIGH, LN2_LOW = D(6.93147180369123816490e-01), D(1.90821492927058770002e-10)


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def exp(x):
    if x < -745.2:
        return D(0)
    n = np.floor(x * D(1.4426950408889634) + D(0.5))
    r = (x - n * LN2_HIGH) - n * LN2_LOW
    return horner([D(1) / D(factorial(13 - i)) for i in range(14)], r) * D(2) ** n


def log(x):
    mantissa, exponent = np.frexp(x)  # in [0.5, 1)
    mantissa, exponent = mantissa * 2, exponent - 1
    if mantissa > D(1.4142135623730951):
        mantissa, exponent = mantissa * D(0.5), exponent + 1
    s = (mantissa - 1) / (mantissa + 1)
    return exponent * LN2_HIGH + (2 * s * horner([D(1) / D(23 - 2 * i) for i in range(12)], s * s) + exponent * LN2_LOW)


def bfloat16(x, wanted):
    if not wanted:
        return x
    bits = x.view(np.uint32)
    rounded = ((bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) & np.uint32(0xFFFF0000)).view(F)
    return np.where(np.isnan(x), x, rounded)


def mix(values):
    """SplitMix64's number for each state."""
    with np.errstate(over="ignore"):
        x = values + U(0x9E3779B97F4A7C15)
        x = (x ^ (x >> U(30))) * U(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> U(27))) * U(0x94D049BB133111EB)
        return x ^ (x >> U(31))


def mask(image, positions, channels, rate, seed, layer):
    if rate == 0:
        return F(1)
    lanes = (channels + 15) // 16 * 16
    layer_seed = mix(np.array([(seed ^ (layer & MASK)) & MASK], U))[0]
    elements = (image * positions * lanes + np.arange(positions * lanes)).astype(U)
    with np.errstate(over="ignore"):
        numbers = mix(layer_seed + elements // U(4) * U(0x9E3779B97F4A7C15))
    bits = (numbers >> (U(16) * (elements % U(4)))) & U(0xFFFF)
    kept = bits >= U(min(round(rate * 65536), 65535))
    return np.where(kept, F(1 / (1 - rate)), F(0)).reshape(positions, lanes)[:, :channels]


def relu(x):
    return np.where(x < 0, F(0), x)


def blocks_of(count):
    return [range(first, min(first + 16, count)) for first in range(0, count, 16)]


def convolve(x, w, bias, first, step, outputs):
    """x [time, in], w [out, in, k]; output t reads the inputs first + step t ... + k - 1, zeros outside."""
    taps = w.shape[2]
    padded = np.zeros((len(x) + 4 * taps, x.shape[1]), F)
    padded[2 * taps:2 * taps + len(x)] = x
    y = np.tile(bias, (outputs, 1))
    for block in blocks_of(x.shape[1]):
        for tap in range(taps):
            rows = 2 * taps + first + tap + step * np.arange(outputs)
            for channel in block:
                y = fma(w[:, channel, tap][None, :], padded[rows, channel][:, None], y)
    return y


def back_to_inputs(g, w, first, step, inputs):
    """The gradient of every input of convolve."""
    taps = w.shape[2]
    gradient = np.zeros((inputs, w.shape[1]), F)
    for block in blocks_of(w.shape[0]):
        for tap in reversed(range(taps)):
            # Input t meets output (t - first - tap) / step; where there is none, a zero that changes nothing but the sign of a zero.
            t = np.arange(inputs)
            at = t - first - tap
            met = (at % step == 0)
            at = at // step
            inside = met & (at >= 0) & (at < len(g))
            for channel in block:
                value = np.where(inside, g[np.clip(at, 0, len(g) - 1), channel], F(0))
                gradient = np.where(met[:, None], fma(w[channel, :, tap][None, :], value[:, None], gradient), gradient)
    return gradient


def add_weight_gradient(total, x, g, first, step):
    taps = total.shape[2]
    padded = np.zeros((len(x) + 4 * taps, x.shape[1]), F)
    padded[2 * taps:2 * taps + len(x)] = x
    for start in range(0, len(g), 196):
        tile = np.zeros_like(total)
        for p in range(start, min(start + 196, len(g))):
            window = padded[2 * taps + first + step * p:][:taps].T  # [in, k]
            tile = fma(g[p][:, None, None], window[None, :, :], tile)
        total += tile


def add_rows(total, g):
    rows = np.zeros(g.shape[1], F)
    for row in g:
        rows = rows + row
    total += rows


def main(before, after, batch, seed, epoch, done):
    metadata, old = read(before)
    _, new = read(after)
    given = json.loads(metadata["settings"])
    setting = lambda name, default: given.get(name, default)
    levels, taps, hidden, channels = setting("levels", 8), setting("kernel_size", 7), setting("hidden", 30), setting("input_channels", 1)
    dropout, input_dropout, half = setting("dropout", 0.05), setting("input_dropout", 0.0), setting("precision", "fp32") == "bf16"
    smoothing = setting("label_smoothing", 0.0)
    raw = np.frombuffer(open(batch, "rb").read(), np.uint8)
    images = len(raw) // 785
    pixels, labels = raw[:images * 784].reshape(images, 784), raw[images * 784:]
    table = np.array([(F(p) / F(255) - F(0.1307)) / F(0.3081) for p in range(256)], F)

    parameters = [name for name in new if not name.startswith(("optimizer.", "best", "progress."))]
    weights, normed = {}, {}
    for name in parameters:
        if name.endswith("weight_v"):
            g = old[name[:-1] + "g"].ravel()
            scales = np.array([F(D(g[o]) / np.sqrt(dot(v, v))) for o, v in enumerate(old[name])], F)
            normed[name[:-9]] = bfloat16(old[name] * scales[:, None, None], half)
        elif name.endswith("downsample.weight"):
            normed[name[:-7]] = bfloat16(old[name].copy(), half)
    scale = F(1 / (1 - dropout)) if dropout > 0 else F(1)

    shapes, length = [], 784 // channels
    for i in range(levels):
        positions = length if i < levels - 1 else min(length, taps)
        skip = (positions - 1) % 2 if i < levels - 1 else positions - 1
        outputs = (length + 1) // 2 if i < levels - 1 else 1
        shapes.append((length, length - positions, positions, skip, outputs))
        length = outputs

    group = max(32, (images + 15) // 16)
    totals = None
    for begin in range(0, images, group):
        sums = {name: np.zeros_like(value) for name, value in normed.items()}
        sums.update({name + ".bias": np.zeros(value.shape[0], F) for name, value in normed.items()})
        head_w, head_b = np.zeros_like(old["linear.weight"]), np.zeros(10, F)
        for image in range(begin, min(begin + group, images)):
            x = table[pixels[image]].reshape(channels, -1).T.copy()
            x = x * mask(image, len(x), channels, input_dropout, seed, -1) if input_dropout > 0 else x
            x = bfloat16(x, half)
            kept = []
            for i, (length, first, positions, skip, outputs) in enumerate(shapes):
                name = f"tcn.network.{i}."
                h1 = convolve(x, normed[name + "conv1"], old[name + "conv1.bias"], first - (taps - 1), 1, positions)
                h1 = bfloat16(relu(h1) * mask(image, positions, hidden, dropout, seed, 2 * i), half)
                h2 = convolve(h1, normed[name + "conv2"], old[name + "conv2.bias"], skip - (taps - 1), 2, outputs)
                h2 = relu(h2) * mask(image, outputs, hidden, dropout, seed, 2 * i + 1)
                rows = first + skip + 2 * np.arange(outputs)
                residual = convolve(x, normed[name + "downsample"], old[name + "downsample.bias"], first + skip, 2, outputs) if name + "downsample" in normed else x[rows]
                out = bfloat16(relu(h2 + residual), half)
                kept.append((x, h1, h2, out, rows))
                x = out
            feature = x[0]
            logits = old["linear.bias"].copy()
            for c in range(hidden):
                logits = fma(old["linear.weight"][:, c], feature[c], logits)
            powers = [exp(D(l) - D(max(logits))) for l in logits]
            total = D(0)
            for power in powers:
                total = total + power
            target = [(1 - smoothing if i == labels[image] else 0) + smoothing / 10 for i in range(10)]
            d = np.array([F((power / total - t) / D(images)) for power, t in zip(powers, target)], F)
            gradient = np.zeros(hidden, F)
            for i in range(10):
                gradient = fma(old["linear.weight"][i], d[i], gradient)
            head_w = fma(feature[None, :], d[:, None], head_w)
            head_b = head_b + d
            gradient = gradient[None, :]
            for i in reversed(range(levels)):
                (length, first, positions, skip, outputs), (x, h1, h2, out, rows), name = shapes[i], kept[i], f"tcn.network.{i}."
                gradient = np.where(out > 0, gradient, F(0))
                g2 = bfloat16(np.where(h2 > 0, gradient * scale, F(0)), half)
                add_rows(sums[name + "conv2.bias"], g2)
                if name + "downsample" in normed:
                    add_rows(sums[name + "downsample.bias"], gradient)
                add_weight_gradient(sums[name + "conv2"], h1, g2, skip - (taps - 1), 2)
                g1 = back_to_inputs(g2, normed[name + "conv2"], skip - (taps - 1), 2, positions)
                g1 = bfloat16(np.where(h1 > 0, g1 * scale, F(0)), half)
                add_rows(sums[name + "conv1.bias"], g1)
                add_weight_gradient(sums[name + "conv1"], x, g1, first - (taps - 1), 1)
                if name + "downsample" in normed:
                    add_weight_gradient(sums[name + "downsample"], x, gradient, first + skip, 2)
                if i > 0:
                    inputs = back_to_inputs(g1, normed[name + "conv1"], first - (taps - 1), 1, length)
                    inputs[rows] = inputs[rows] + gradient
                    gradient = inputs
        sums["linear.weight"], sums["linear.bias"] = head_w, head_b
        totals = sums if totals is None else {name: totals[name] + sums[name] for name in sums}

    gradients = {}
    for name in parameters:
        if name.endswith("weight_g"):
            v, dw = old[name[:-1] + "v"], totals[name[:-9]]
            dv, dg = np.zeros_like(v), np.zeros(v.shape[0], F)
            for o in range(v.shape[0]):
                square, along, g = dot(v[o], v[o]), dot(v[o], dw[o]), D(old[name].ravel()[o])
                norm = np.sqrt(square)
                dg[o] = F(along / norm)
                dv[o] = dw[o] * F(g / norm) - v[o] * F(g * along / (norm * square))
            gradients[name], gradients[name[:-1] + "v"] = dg.reshape(old[name].shape), dv
        elif not name.endswith("weight_v"):
            gradients[name] = totals[name] if name in totals else totals[name[:-7]]

    clip = setting("clip", -1)
    if clip > 0:
        flat = np.concatenate([gradients[name].ravel() for name in order(parameters, levels, channels != hidden)])
        s = F(clip / (np.sqrt(dot(flat, flat)) + 1e-6))
        if not s >= 1:
            gradients = {name: value * s for name, value in gradients.items()}

    expected = update(setting, parameters, old, gradients, int(old["optimizer.step"]) + 1, rate(setting, epoch, done))
    wrong = [name for name, value in expected.items() if not np.array_equal(value.view(np.uint32) & 0xFFFFFFFF, new[name].view(np.uint32))]
    print("\n".join(wrong) if wrong else f"{len(expected)} tensors are the same, bit for bit")
    return 1 if wrong else 0


def order(parameters, levels, downsamples):
    names = []
    for i in range(levels):
        for conv in ("conv1", "conv2"):
            names += [f"tcn.network.{i}.{conv}.{part}" for part in ("weight_g", "weight_v", "bias")]
        if i == 0 and downsamples:
            names += ["tcn.network.0.downsample.weight", "tcn.network.0.downsample.bias"]
    names += ["linear.weight", "linear.bias"]
    assert sorted(names) == sorted(parameters)
    return names


def rate(setting, epoch, done):
    base, kind = setting("lr", 0.002), setting("lr_schedule", "constant")
    if kind == "step":
        factor = 1.0
        for _ in range((epoch - 1) // setting("step_size", 1)):
            factor *= setting("gamma", 0.1)
        return base * factor
    if kind == "cosine":
        warm, epochs = setting("warmup_epochs", 0), setting("epochs", 5)
        if epoch <= warm:
            return base * epoch / (warm + 1)
        return base * 0.5 * (1 + cos_pi((epoch - 1 - warm) / (epochs - warm)))
    if kind == "one_cycle":
        x, first = (epoch - 1 + done) / setting("epochs", 5), base * (1 / 25)
        a, b, y = (first, base, x / 0.3) if x < 0.3 else (base, first * 1e-4, (x - 0.3) / (1 - 0.3))
        return b + (a - b) * 0.5 * (1 + cos_pi(y))
    return base


def cos_pi(x):
    a = np.pi * x / 16
    square, term, c = a * a, 1.0, 0.0
    for i in range(1, 9):
        term *= -square / ((2 * i) * (2 * i - 1))
        c += term
    for _ in range(4):
        c = 2 * c * (2 + c)
    return 1 + c


def update(setting, parameters, old, gradients, step, lr):
    kind = setting("optimizer", "Adam")
    decay, momentum = setting("weight_decay", 0.01 if kind == "AdamW" else 0.0), setting("momentum", 0.0)
    beta1, beta2, eps = setting("beta1", 0.9), setting("beta2", 0.999), F(setting("eps", 1e-8))
    power1 = power2 = 1.0
    for _ in range(step):
        power1, power2 = power1 * beta1, power2 * beta2
    expected = {}
    for name in parameters:
        p, d = old[name], gradients[name]
        d = d + p * F(0 if kind == "AdamW" else decay)
        if kind in ("Adam", "AdamW"):
            m, v = old[f"optimizer.exp_avg.{name}"], old[f"optimizer.exp_avg_sq.{name}"]
            m = m + (d - m) * F(1 - beta1)
            v = v * F(beta2) + d * d * F(1 - beta2)
            kept = p * F(1 - lr * decay) if kind == "AdamW" else p
            expected[f"optimizer.exp_avg.{name}"], expected[f"optimizer.exp_avg_sq.{name}"] = m, v
            expected[name] = kept - m * F(lr / (1 - power1)) / (np.sqrt(v) / F(np.sqrt(1 - power2)) + eps)
        elif kind == "SGD":
            u = d
            if momentum > 0:
                u = old[f"optimizer.momentum_buffer.{name}"] * F(momentum) + d
                expected[f"optimizer.momentum_buffer.{name}"] = u
            expected[name] = p - u * F(lr)
        else:
            s = old[f"optimizer.square_avg.{name}"] * F(0.99) + d * d * F(1 - 0.99)
            expected[f"optimizer.square_avg.{name}"] = s
            u = d / (np.sqrt(s) + eps)
            if momentum > 0:
                u = old[f"optimizer.momentum_buffer.{name}"] * F(momentum) + u
                expected[f"optimizer.momentum_buffer.{name}"] = u
            expected[name] = p - u * F(lr)
    if setting("ema", 0.0) > 0:
        for name in parameters:
            a = old[f"optimizer.ema.{name}"]
            expected[f"optimizer.ema.{name}"] = a + (expected[name] - a) * F(1 - setting("ema", 0.0))
    return expected


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), float(sys.argv[6])))
