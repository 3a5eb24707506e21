"""Saves checkpoints."""

from __future__ import annotations

from gansmith.records.run_folder import RunFolder
from gansmith.training.trainer import Trainer


class Checkpointer:
    """Saves checkpoints, and exports the generator."""

    def __init__(self, folder: RunFolder, every: int, keep: int) -> None:
        self.folder = folder
        self.every = every
        self.checkpoints = folder.checkpoints(keep)

    def due(self, step: int, last: bool) -> bool:
        return last or step % self.every == 0

    def __call__(self, trainer: Trainer) -> None:
        trainer.settle()
        trainer.check_weights()
        self.checkpoints.save(trainer.state_dict())
        self.folder.save_generator(trainer.generator_file())
