"""A regression in plain Python that goes on from its checkpoint: see asha.yaml. A trial finds seqsweep.py by itself."""
import json
import math
import random

import seqsweep

trial = seqsweep.trial()
draw = random.Random(1)
points = [(x, math.sin(3 * x)) for x in (draw.uniform(-1, 1) for _ in range(400))]
train, test = points[:300], points[300:]
state = {"epoch": 0, "weights": [0.0] * 4, "velocity": [0.0] * 4}
if saved := seqsweep.resume():
    state = json.loads(saved.read_text())
    print(f"goes on after epoch {state['epoch']}")


def error(x, y):
    """What the polynomial gives at x, less what it should."""
    return sum(weight * x**power for power, weight in enumerate(state["weights"])) - y


for epoch in range(state["epoch"] + 1, trial.params["epochs"] + 1):
    for start in range(0, len(train), 30):
        batch = train[start:start + 30]
        for power in range(4):
            slope = sum(2 * error(x, y) * x**power for x, y in batch) / len(batch)
            state["velocity"][power] = trial.params["momentum"] * state["velocity"][power] - trial.params["lr"] * slope
        state["weights"] = [weight + speed for weight, speed in zip(state["weights"], state["velocity"])]
    loss = sum(error(x, y) ** 2 for x, y in test) / len(test)
    print(f"epoch {epoch}: val_loss {loss:.6f}")
    state["epoch"] = epoch
    checkpoint = trial.checkpoint_folder / "last.json"
    checkpoint.write_text(json.dumps(state))
    seqsweep.report(epoch=epoch, val_loss=loss, checkpoint=checkpoint)  # returns when the checkpoint has been copied
    if seqsweep.should_stop():  # at epochs 1 and 3 this waits for the verdict
        break
