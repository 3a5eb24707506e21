"""Saves checkpoints."""

from __future__ import annotations

from gansmith.records.run_folder import RunFolder
from gansmith.training.moment import Moment


class Checkpointer:
    """Saves checkpoints, and exports the generator."""

    def __init__(self, folder: RunFolder, every: int, keep: int) -> None:
        self.folder = folder
        self.every = every
        self.checkpoints = folder.checkpoints(keep)

    after_others = True  # what they remember is part of the state

    def due(self, step: int, last: bool) -> bool:
        return last or step % self.every == 0

    def __call__(self, moment: Moment) -> None:
        trainer = moment.run
        trainer.settle()
        trainer.check_weights()
        self.folder.save_generator(trainer.generator_file())
        self.checkpoints.save(trainer.state_dict())  # last: a run that has its last checkpoint has all else
