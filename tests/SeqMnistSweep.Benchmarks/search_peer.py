"""Optuna on the functions of `seqsweep bench search`: one line of JSON for each figure.

regret SEEDS: median simple regret of multivariate TPE after 50 and 100.
tables SEEDS: mean normalised regret of multivariate TPE on the tables that stdin names, one JSON object a line, after 25, 50 and 100,
    serial and with 8 and 16 workers.
zdt1 SEEDS: hypervolumes of NSGA-II on ZDT1 after 1,000, up to the corner (1.1, 1.1).
"""
import json
import math
import sys
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)

A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = 1e-4 * np.array([[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
                     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]])


def box(trial, count, low, high):
    return np.array([trial.suggest_float(f"x{i}", low, high) for i in range(count)])


def branin(trial):
    x, y = trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)
    bend = y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6
    return bend * bend + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 - 0.39788735772973816


def hartmann6(trial):
    return float(-(np.array([1, 1.2, 3, 3.2]) * np.exp(-(A * (box(trial, 6, 0, 1) - P) ** 2).sum(1))).sum()) + 3.32236801141551


def ackley5(trial):
    x = box(trial, 5, -32.768, 32.768)
    return float(-20 * np.exp(-0.2 * np.sqrt((x * x).mean())) - np.exp(np.cos(2 * np.pi * x).mean()) + 20 + np.e)


def rosenbrock4(trial):
    x = box(trial, 4, -5, 10)
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(3))


def mixed(trial):
    lr = math.log10(trial.suggest_float("lr", 1e-5, 1e-1, log=True)) - math.log10(3e-3)
    levels, kernel = trial.suggest_int("levels", 4, 10) - 8, trial.suggest_categorical("kernel_size", [3, 5, 7, 9])
    dropout = trial.suggest_float("dropout", 0, 0.5) - 0.05
    costs = {"Adam": 0, "SGD": 1, "RMSprop": 0.3, "AdamW": 0.05}
    return lr * lr + 0.1 * levels ** 2 + 0.15 * abs(kernel - 7) + 4 * dropout ** 2 + costs[trial.suggest_categorical("optimizer", list(costs))]


def zdt1(trial):
    x = box(trial, 30, 0, 1)
    g = 1 + 9 * x[1:].mean()
    return float(x[0]), float(g * (1 - math.sqrt(x[0] / g)))


def hypervolume(points):
    area, low = 0.0, 1.1
    for first, second in sorted(points):
        if first < 1.1 and second < low:
            area += (1.1 - first) * (low - second)
            low = second
    return area


def pick(trial, name, values):
    """A list of three numbers or more by its order, as here."""
    if len(values) > 2 and all(isinstance(value, (int, float)) for value in values):
        return trial.suggest_int(name, 0, len(values) - 1)
    return values.index(trial.suggest_categorical(name, values))


def table_regret(table, seed, workers):
    lists, losses = table["parameters"], table["losses"]
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=workers > 1))
    running, told = [], []
    while len(told) < 100:
        if len(told) + len(running) < 100 and len(running) < workers:
            trial, row = study.ask(), 0
            for name, values in lists.items():
                row = row * len(values) + pick(trial, name, sorted(values) if isinstance(values[0], (int, float)) else values)
            running.append((trial, losses[row]))
        else:
            trial, loss = running.pop(0)
            study.tell(trial, loss)
            told.append(loss)
    return (np.minimum.accumulate(told)[[24, 49, 99]] - min(losses)) / (max(losses) - min(losses))


what, seeds = sys.argv[1], int(sys.argv[2])
if what == "regret":
    for function in (branin, hartmann6, ackley5, rosenbrock4, mixed):
        rows = []
        for seed in range(seeds):
            study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True))
            study.optimize(function, n_trials=100)
            rows.append(np.minimum.accumulate([t.value for t in study.trials])[[49, 99]])
        print(json.dumps([function.__name__, *np.median(rows, axis=0)]), flush=True)
elif what == "tables":
    tables = [json.loads(line) for line in sys.stdin]
    for workers in (1, 8, 16):
        rows = [table_regret(table, seed, workers) for table in tables for seed in range(seeds)]
        print(json.dumps([str(workers), *np.mean(rows, axis=0)]), flush=True)
else:
    for seed in range(seeds):
        study = optuna.create_study(directions=["minimize", "minimize"], sampler=optuna.samplers.NSGAIISampler(seed=seed))
        study.optimize(zdt1, n_trials=1000)
        print(json.dumps(["zdt1", hypervolume([t.values for t in study.trials])]), flush=True)
