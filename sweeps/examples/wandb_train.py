"""A tiny network in plain Python that logs to Weights & Biases: see wandb.yaml."""
import argparse
import math
import random

import wandb


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--hidden", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=3)
    return parser.parse_args()


def predict(model, x):
    hidden = [math.tanh(weight * x + bias) for weight, bias, _ in model]
    return hidden, sum(unit[2] * value for unit, value in zip(model, hidden))


def main():
    run = wandb.init(project="sine", config=parse())
    config = wandb.config
    wandb.define_metric("val/loss", summary="min")
    draw = random.Random(1)
    points = [(x, math.sin(3 * x)) for x in (draw.uniform(-1, 1) for _ in range(200))]
    model = [[draw.gauss(0, 1), draw.gauss(0, 1), draw.gauss(0, 0.5)] for _ in range(config.hidden)]
    wandb.watch(model)
    for epoch in range(config.epochs):
        for step, (x, y) in enumerate(points[:160]):
            hidden, output = predict(model, x)
            error = output - y
            for unit, value in zip(model, hidden):
                inner = error * unit[2] * (1 - value * value)
                unit[0] -= config.learning_rate * inner * x
                unit[1] -= config.learning_rate * inner
                unit[2] -= config.learning_rate * error * value
            if step % 40 == 0:
                wandb.log({"train/loss": error * error})
        loss = sum((predict(model, x)[1] - y) ** 2 for x, y in points[160:]) / 40
        wandb.log({"epoch": epoch, "val/loss": loss})
        print(f"epoch {epoch}: {loss}")
    run.summary["units"] = config.hidden
    wandb.finish()


if __name__ == "__main__":
    main()
