"""A minibatch: the random numbers of one round of play."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

Asked = tuple[str, Callable[..., Tensor], tuple[int, ...]]
"""Random numbers that somebody asked for: by which name, of which distribution, in which shape."""


@dataclass
class Minibatch:
    """All the randomness that a cost sees.

    Attributes:
        x: (N, ...) real samples.
        z: (N, latent) noise.
        c: (N, condition.size), what holds for x and is asked of G(z, c), or None; codes hold for the fakes alone.
        rng: where further random numbers (a penalty's mixing weights, say) come from.
        drawn: these, by the name that asked for them.
        asked: in which order they were asked for.
    """

    x: Tensor
    z: Tensor
    c: Tensor | None = None
    rng: torch.Generator | None = None
    drawn: dict[str, Tensor] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def draw(self, name: str, distribution: Callable[..., Tensor], shape: tuple[int, ...]) -> Tensor:
        """Return random numbers, the same each time the same name asks."""
        if name not in self.drawn:
            self.drawn[name] = distribution(shape, generator=self.rng, device=self.x.device, dtype=self.x.dtype)
            self.asked.append((name, distribution, shape))
        return self.drawn[name]

    def draw_all(self, asked: Sequence[Asked]) -> None:
        """Draw at once all random numbers that another minibatch was `asked` for, in the same order."""
        for request in asked:
            self.draw(*request)
