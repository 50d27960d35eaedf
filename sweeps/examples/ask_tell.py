"""An objective as a function: see ask_tell.yaml. Needs seqsweep.py beside it, and finds a head of this account on this machine."""
import sys

import seqsweep


def objective(trial):
    x, n = trial.params["x"], trial.params["n"]
    for epoch in range(1, 4):
        loss = (x - 0.3) ** 2 + 0.1 * (n - 4) ** 2 + 1 / epoch
        if not trial.report(loss=loss):
            raise seqsweep.Pruned
    print(trial.id, f"{loss:.4f}", flush=True)
    return loss


best = seqsweep.optimize(objective, sweep=sys.argv[1])
print("best:", best["trial"], best["value"])
