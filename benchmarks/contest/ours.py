"""gansmith, as `gansmith train` plays between two pictures, evaluations or checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from contest.plain import both_weights
from contest.works import Ground, Skipped
from gansmith.config import change
from gansmith.memory import keep_freed_memory
from gansmith.runs.assemble import build_dynamics, build_game
from gansmith.training.device import has_bf16
from gansmith.training.ema import EMA
from gansmith.training.journal import Journal
from gansmith.training.progress import Progress
from gansmith.training.rounds import Rounds
from gansmith.training.trainer import Trainer, Watcher
from gansmith.training.watchers import Logger


class Ours:
    """A trainer on the ground's networks and data, with a journal and a progress bar that nobody looks at."""

    def __init__(self, ground: Ground, note: str, journal: bool, changes: dict[str, Any]) -> None:
        keep_freed_memory()
        self.note = note
        plan = change(ground.recipe, {"ema": 0.0, **changes})
        budget = plan.budget
        if budget.precision == "bf16" and not has_bf16(ground.device):
            raise Skipped("this device has no instructions for it")
        self.same = budget.precision == "fp32"
        game = build_game(plan, ground.pair(ours=True), ground.device)
        rounds = Rounds(game, ground.dataset, plan.networks, budget.batch, budget.seed, ground.device)
        watchers: list[Watcher] = []
        if journal:
            kept = Journal(ground.folder / f"{id(self)}.jsonl")
            watchers = [Logger(kept, budget.log_every), Progress(budget.steps, 0, kept, quiet=True)]
        ema = EMA(game.generator, budget.ema) if budget.ema else None
        self.trainer = Trainer(game, build_dynamics(plan), rounds, ema, watchers)

    def play(self, steps: int) -> None:
        self.trainer.run(self.trainer.step + steps)
        self.trainer.settle()  # where there is a journal, it has done so at the last step

    def weights(self) -> list[Tensor]:
        game = self.trainer.game
        return both_weights([game.generator, game.discriminator])


def gansmith(note: str = "", journal: bool = True, **changes: Any) -> Callable[[Ground], Ours]:
    """Return how to build gansmith's side with some fields of the recipe changed."""
    return lambda ground: Ours(ground, note, journal, changes)
