"""A multilayer perceptron on the digits that scikit-learn brings: a report after each pass over 1,000 of them."""
import argparse
import json
import os
import time
import warnings

from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
arguments = argparse.ArgumentParser()
for name, kind in (("lr", float), ("alpha", float), ("momentum", float), ("hidden", int), ("layers", int), ("batch_size", int), ("epochs", int)):
    arguments.add_argument(f"--{name}", type=kind)
options = arguments.parse_args()
seed = int(os.environ.get("SEQSWEEP_SEED", "1"))
images, labels = load_digits(return_X_y=True)
images = images / 16
model = MLPClassifier(
    hidden_layer_sizes=(options.hidden,) * options.layers, solver="sgd", learning_rate_init=options.lr, alpha=options.alpha,
    momentum=options.momentum, batch_size=options.batch_size, random_state=seed)
for epoch in range(1, options.epochs + 1):
    begun = time.time()
    model.partial_fit(images[:1000], labels[:1000], classes=range(10))
    print(json.dumps({"epoch": epoch, "val_accuracy": model.score(images[1000:], labels[1000:]), "took": time.time() - begun}), flush=True)
