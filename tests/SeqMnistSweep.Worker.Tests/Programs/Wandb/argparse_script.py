import argparse
import os

import wandb


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=1.0)
    parser.add_argument("--width", type=int, default=1)
    parser.add_argument("--optimizer", default="sgd")
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    run = wandb.init(project="demo", entity="me", config=args, name="x", tags=["a"], settings=wandb.Settings(start_method="fork"))
    wandb.define_metric("epoch")
    wandb.define_metric("val/*", step_metric="epoch")
    wandb.define_metric("value", summary="min")
    wandb.watch(object(), log="all", log_freq=10)
    for epoch in range(args.epochs):
        for batch in range(2):
            wandb.log({"train/loss": 1.0 / (batch + 1), "epoch": epoch, "step": batch})
        value = args.lr * args.width / (epoch + 1)
        wandb.log({"epoch": epoch, "value": value, "lr": args.lr, "picture": wandb.Image([1], caption="x"), "weights": wandb.Histogram([1, 2]),
                   "confusion": wandb.plot.confusion_matrix(probs=None, y_true=[0], preds=[0])})
        print("value", value)
    model = os.path.join(wandb.run.dir, "model.pt")
    with open(model, "w") as file:
        file.write("weights")
    wandb.save(model)
    with open("notes.txt", "w") as file:
        file.write("kept")
    wandb.save("*.txt")
    with open(os.path.join(wandb.run.dir, "notes.txt")) as file:
        assert file.read() == "kept"
    artifact = wandb.Artifact("model", type="model", metadata={"a": 1})
    artifact.add_file(model)
    with artifact.new_file("notes.txt") as file:
        file.write("hello")
    artifact.metadata["b"] = 2
    run.log_artifact(artifact, aliases=["latest"]).wait()
    wandb.run.summary["best"] = 3
    wandb.summary.update({"other": 4, "text": "x"})
    table = wandb.Table(columns=["a", "b"], data=[[1, 2]])
    table.add_data(3, 4)
    assert table.get_column("b") == [2, 4]
    wandb.log({"table": table, "nested": {"image": wandb.Image([2]), "v": 5}, "list": [wandb.Image([1])]})
    wandb.run.log_code(".")
    wandb.alert(title="x", text="y", level=wandb.AlertLevel.WARN)
    wandb.run.name = f"run-{wandb.run.id}"
    assert "/" not in wandb.run.name
    wandb.finish()


if __name__ == "__main__":
    main()
