"""Boosted trees on the diabetes data that scikit-learn brings: a report after every ten trees."""
import argparse
import json
import os
import time

from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

arguments = argparse.ArgumentParser()
for name, kind in (("lr", float), ("depth", int), ("leaf", int), ("subsample", float), ("features", float), ("epochs", int)):
    arguments.add_argument(f"--{name}", type=kind)
options = arguments.parse_args()
seed = int(os.environ.get("SEQSWEEP_SEED", "1"))
data, target = load_diabetes(return_X_y=True)
data, held, target, truth = train_test_split(data, target, test_size=0.5, random_state=0)
model = GradientBoostingRegressor(
    learning_rate=options.lr, max_depth=options.depth, min_samples_leaf=options.leaf, subsample=options.subsample,
    max_features=options.features, n_estimators=1, warm_start=True, random_state=seed)
for epoch in range(1, options.epochs + 1):
    begun = time.time()
    model.set_params(n_estimators=10 * epoch)
    model.fit(data, target)
    print(json.dumps({"epoch": epoch, "val_rmse": mean_squared_error(truth, model.predict(held)) ** 0.5, "took": time.time() - begun}), flush=True)
