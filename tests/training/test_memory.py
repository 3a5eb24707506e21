"""A long run takes no more memory than a short one."""

from pathlib import Path

import pytest
import torch

from gansmith import recipe
from gansmith.callbacks.logger import Logger
from gansmith.records.journal import Journal
from gansmith.training.assemble import build_game, open_data
from gansmith.training.ema import EMA
from gansmith.training.rounds import Rounds
from gansmith.training.trainer import Trainer

STATUS = Path("/proc/self/status")
TINY = {"data": "normal", "hidden": 2, "latent": 1, "generator_layers": 0, "discriminator_layers": 0, "batch": 2}
WARM_UP, SAMPLES = 1_000, 10
BOUND = 4.0  # MiB: 20,000 steps that kept 210 bytes each would exceed it, or 3,000 that kept a graph of 1,400


def resident():
    """Return the MiB that this process holds."""
    return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmRSS")) / 1024


@pytest.mark.skipif(not STATUS.exists(), reason="this system does not tell a process's memory")
@pytest.mark.parametrize("steps", [3_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_memory_does_not_grow_over_a_long_run(tmp_path, steps):
    plan = recipe("nsgan", **TINY)
    device, data = torch.device("cpu"), open_data(plan)
    game = build_game(plan, data.shape, device)
    rounds = Rounds(game, data, plan.prior, plan.training.batch, 0, device)
    journal = Journal(tmp_path / "journal.jsonl")
    callbacks = [Logger(journal, plan.records.log_every)]
    trainer = Trainer(plan, game, plan.dynamics, rounds, EMA(game.networks["generator"], 0.999), callbacks)
    trainer.run(WARM_UP)
    held = [resident()]
    for i in range(1, SAMPLES + 1):
        trainer.run(WARM_UP + steps * i // SAMPLES)
        held.append(resident())
    journal.close()
    assert max(held) - held[0] < BOUND, f"MiB held every {steps // SAMPLES:,} steps: {held}"
