import sys
import types

keras, callbacks = types.ModuleType("keras"), types.ModuleType("keras.callbacks")


class Callback:
    pass


class ModelCheckpoint(Callback):
    def __init__(self, *args, **kwargs):
        pass


callbacks.Callback, callbacks.ModelCheckpoint, keras.callbacks = Callback, ModelCheckpoint, callbacks
sys.modules.update({"keras": keras, "keras.callbacks": callbacks})

import wandb
from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint
from wandb.keras import WandbCallback
from wandb.lightgbm import wandb_callback

wandb.init()
callback = WandbCallback(monitor="value", save_model=False)
assert isinstance(callback, Callback) and isinstance(WandbModelCheckpoint("model.h5"), Callback)
for epoch in range(2):
    callback.on_epoch_end(epoch, {"loss": 1.0, "value": 2.0 - epoch})
    print("value", 2.0 - epoch)
WandbMetricsLogger(log_freq="epoch").on_epoch_end(0, {"loss": 1})
wandb_callback()(types.SimpleNamespace(evaluation_result_list=[("valid_0", "l2", 0.5, False)]))
