import sys
import types

tensorboard = types.ModuleType("tensorboardX")


class SummaryWriter:
    def __init__(self, *args):
        pass

    def add_scalar(self, tag, scalar_value, global_step=None, walltime=None):
        pass


tensorboard.SummaryWriter = SummaryWriter
sys.modules["tensorboardX"] = tensorboard

import wandb
from tensorboardX import SummaryWriter

wandb.init(sync_tensorboard=True, monitor_gym=True, save_code=True)
writer = SummaryWriter("runs")
for step in range(3):
    writer.add_scalar("losses/policy", step, step * 100)
    writer.add_scalar("value", step / 2, step * 100)
    print("value", step / 2)
