"""Which generator people see, and samples of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gansmith.data.dataset import Batch, Dataset
from gansmith.training.trainer import Trainer


@torch.no_grad()
def generate(generator: nn.Module, z: Tensor, c: Tensor | None = None, chunk: int = 256) -> Tensor:
    """Return G(z), or G(z, c), in evaluation mode, a chunk at a time, and leave the mode as it was."""
    asked = [part.tensor_split(max(1, len(z) // chunk)) for part in (z, c) if part is not None]
    was_training = generator.training
    generator.eval()
    try:
        return torch.cat([generator(*parts) for parts in zip(*asked, strict=True)])
    finally:
        generator.train(was_training)


def shown(trainer: Trainer) -> nn.Module:
    """Return the generator that people see: the averaged one if there is one."""
    return trainer.ema.module if trainer.ema else trainer.game.networks["generator"]


def some(dataset: Dataset, count: int, seed: int, needed: bool) -> Batch:
    """Return real samples, always the same ones; where none are needed, nothing is read."""
    return next(dataset.batches(count, seed, 0, torch.device("cpu"))) if needed else Batch(torch.empty(count))


def to_device(c: Tensor | None, device: torch.device) -> Tensor | None:
    """Return conditions on a device, if there are any."""
    return None if c is None else c.to(device)
