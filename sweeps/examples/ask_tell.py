#!/usr/bin/python3
"""Trials asked for and told over HTTP, by the standard library alone; needs SEQSWEEP_TOKEN, see ask_tell.yaml beside this file."""
import json, os, sys, threading, urllib.error, urllib.request


class Trial:
    """One trial of ours. A thread gives a sign of life while it runs, so that only a dead process loses it."""

    def __init__(self, sweep, answer):
        self.sweep, self.id, self.parameters, self.seed = sweep, answer["trial"], answer["parameters"], answer["seed"]
        self.words = {"trial": answer["trial"], "lease": answer["lease"]}
        self.over = threading.Event()
        threading.Thread(target=self._live, args=(answer["expires_in"] / 3,), daemon=True).start()

    def report(self, epoch, **metrics):
        """The metrics of an epoch; False when the trial is to end here."""
        return self.sweep.post("report", {**self.words, "epoch": epoch, "metrics": metrics})["verdict"] == "continue"

    def tell(self, state="completed", **words):
        """The end: value=, metrics=, or state="failed" with cause= and message=."""
        self.over.set()
        return self.sweep.post("tell", {**self.words, "state": state, **words})

    def _live(self, every):
        while not self.over.wait(every):
            try:
                self.sweep.post("report", self.words)
            except urllib.error.HTTPError:
                return  # The lease has ended; the next report or tell says so.
            except OSError:
                pass  # The head may be back before the lease ends.


class Sweep:
    def __init__(self, sweep, head=os.environ.get("SEQSWEEP_HEAD", "http://127.0.0.1:8080")):
        self.url = f"{head.rstrip('/')}/api/v1/sweeps/{sweep}/"
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ.get('SEQSWEEP_TOKEN', '')}"}

    def ask(self, key=None):
        """The next trial, or None when the sweep is over. Waits while there is none to be had."""
        while True:
            answer = self.post("ask", {"client": "ask_tell.py", "key": key, "lease_seconds": 60})
            if answer["trial"] or answer["retry_after"] is None:
                return Trial(self, answer) if answer["trial"] else None
            threading.Event().wait(answer["retry_after"])

    def post(self, verb, body):
        request = urllib.request.Request(self.url + verb, json.dumps(body).encode(), self.headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


if __name__ == "__main__":
    while trial := Sweep(sys.argv[1]).ask():
        p = trial.parameters
        for epoch in range(1, 4):
            loss = (p["x"] - 0.3) ** 2 + 0.1 * (p["n"] - 4) ** 2 + 1 / epoch
            if not trial.report(epoch, loss=loss):
                break
        print(trial.id, trial.tell()["state"], f"{loss:.4f}", flush=True)
