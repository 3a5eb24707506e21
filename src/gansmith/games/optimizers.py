"""How a player moves, as settings: an optimiser of torch.optim, the course of its learning rate, a bound on weights."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from gansmith.errors import GansmithError, unknown
from gansmith.settings import Fraction, Kind, Range, Weight

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim.lr_scheduler import LRScheduler
    from torch.optim.optimizer import Optimizer as TorchOptimizer

    from gansmith.games.game import Player

SCHEDULED = ("Adam", "AdamW", "SGD")
"""Those whose learning rate a compiled step can change: the others take none that is a tensor."""

OPTIONS = ("betas", "momentum", "weight_decay", "eps")
"""Settings that torch's optimisers take by these names, some of them each."""


@dataclass(frozen=True)
class Optimizer:
    """How a player moves. `Adam`, `SGD` and `RMSprop` are short for the usual ones.

    >>> Adam(1e-4, (0.0, 0.9)).optimizer
    'Adam'
    """

    optimizer: str = "Adam"
    """Any optimiser of torch.optim by its class name."""
    lr: Weight = 2e-4
    """Learning rate; two time scales are two rates. A player of rate 0 holds still."""
    betas: Annotated[tuple[float, float], Range(least=0, below=1)] | None = None
    """Decay rates of an Adam-like optimiser's moments; by default torch's."""
    momentum: Fraction | None = None
    """Momentum of SGD or RMSprop; by default torch's."""
    schedule: Literal["constant", "linear", "cosine"] = "constant"
    """Course of the learning rate from its start to lr_final times it."""
    lr_final: Weight = 0.0
    """Fraction of the learning rate left at the last step."""
    weight_clip: Weight = 0.0
    """Clip every weight to [-c, c] after each move (Arjovsky et al. 2017, arXiv 1701.07875); 0 is off."""
    freeze: int | tuple[str, ...] = 0
    """Layers that keep the weights they start with: how many, counted as the network defines them, or their names
    (Mo et al. 2020, arXiv 2002.10964)."""
    weight_decay: Weight | None = None
    """Weights' decay, as the optimiser defines it (AdamW: apart from the gradient; others: λw added to it); by default
    torch's."""
    eps: Weight | None = None
    """What is added to an adaptive optimiser's denominators; by default torch's."""
    grad_clip: Weight = 0.0
    """Largest norm of all of a player's gradients together: before each move longer ones are shortened to it
    (Pascanu et al. 2013, arXiv 1211.5063); 0 is off."""

    def build(self, parameters: Iterable[Tensor], steps: int) -> Player:
        """Return a player of these parameters, for a run of some steps; parameters that cannot learn stay as they are.

        Raises:
            GansmithError: if torch has no such optimiser, or it does not take a setting.
        """
        from gansmith.games.game import Player
        from gansmith.objectives.penalties import clip_weights

        learnable = [parameter for parameter in parameters if parameter.requires_grad]
        constraint = functools.partial(clip_weights, c=self.weight_clip) if self.weight_clip else None
        optimizer = self._optimizer(learnable)
        return Player(optimizer, constraint, self._schedule(optimizer, steps), self.grad_clip)

    @property
    def changing(self) -> str | None:
        """What makes a step differ from the last one by more than numbers that a compiled step can be given."""
        if self.schedule == "constant" or self.optimizer in SCHEDULED:
            return None
        return f"schedule = {self.schedule} of {self.optimizer}"

    def _optimizer(self, learnable: list[Tensor]) -> TorchOptimizer:
        """Return the optimiser of that name, with the options it takes, fused where torch can."""
        import torch

        kinds = {name: kind for name, kind in vars(torch.optim).items() if _takes_steps_alone(kind)}
        if self.optimizer not in kinds:
            raise unknown("optimizer", self.optimizer, kinds)
        takes = inspect.signature(kinds[self.optimizer]).parameters
        options: dict[str, Any] = {"lr": self.lr}
        for name in OPTIONS:
            value = getattr(self, name)
            if value is not None and name not in takes:
                raise GansmithError(
                    f"{self.optimizer} takes no {name}: use --{name.replace('_', '-')} None, "
                    "or choose another --optimizer"
                )
            if value is not None:
                options[name] = value
        if "fused" in takes and all(p.device.type in ("cpu", "cuda") for p in learnable):
            options["fused"] = True
        try:
            return kinds[self.optimizer](learnable, **options)  # type: ignore[no-any-return]
        except (ValueError, TypeError) as error:  # the latter for one whose eps is no number
            raise GansmithError(f"--optimizer {self.optimizer}: {error}") from error

    def _schedule(self, optimizer: TorchOptimizer, steps: int) -> LRScheduler | None:
        """Return the course of the learning rate over the run's steps; None where it is constant."""
        if self.schedule == "constant":
            return None
        from torch.optim.lr_scheduler import LambdaLR

        def factor(step: int) -> float:
            progress = min(step / steps, 1.0)
            fallen = progress if self.schedule == "linear" else (1 - math.cos(math.pi * progress)) / 2
            return 1 - (1 - self.lr_final) * fallen

        return LambdaLR(optimizer, factor)


def Adam(lr: float = 2e-4, betas: tuple[float, float] | None = None, **more: Any) -> Optimizer:  # noqa: N802
    """Return torch's Adam as settings. Kingma, Ba 2015, arXiv 1412.6980."""
    return Optimizer("Adam", lr, betas, **more)


def SGD(lr: float = 0.1, momentum: float | None = None, **more: Any) -> Optimizer:  # noqa: N802
    """Return gradient descent as settings, with momentum or without."""
    return Optimizer("SGD", lr, momentum=momentum, **more)


def RMSprop(lr: float = 5e-5, **more: Any) -> Optimizer:  # noqa: N802
    """Return torch's RMSprop as settings. Tieleman, Hinton 2012, "Neural networks for machine learning", 6.5."""
    return Optimizer("RMSprop", lr, **more)


def _takes_steps_alone(kind: Any) -> bool:
    """Tell whether a thing is an optimiser that needs neither a closure nor sparse gradients."""
    from torch.optim import Optimizer as Base

    others = {"Optimizer", "LBFGS", "SparseAdam"}
    return isinstance(kind, type) and issubclass(kind, Base) and kind.__name__ not in others


OPTIMIZERS = Kind("optimizer", "build", {"optimizer": Optimizer})
