"""Where rounds of play come from: real samples and noise, both a function of (seed, position)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gansmith.conditions import Condition
from gansmith.data.dataset import Batch, Dataset, randomness
from gansmith.data.scale import Scale, scale_from, scale_to
from gansmith.games.gan import GAN
from gansmith.games.round import Round
from gansmith.generators import Prior
from gansmith.networks.seen import Nothing, Seen

UNSEEN = Nothing()


def ask(condition: Condition, real: Batch, rng: torch.Generator, seen: Seen = UNSEEN) -> Tensor | None:
    """Return c (N, size): labels and attributes of real samples, codes drawn, and what of the samples is seen.

    None if nothing is asked for.
    """
    if not condition.size:
        return None
    codes = condition.draw_codes(len(real.x), rng)
    return condition.join(real.labels, real.attributes, codes, seen.show(real.x, rng) if condition.view else None)


class Rounds:
    """Endless rounds for a GAN. Its whole state is its position.

    Args:
        game: the GAN that will play them.
        dataset: real samples.
        prior: tells the noise.
        batch: samples in a round.
        seed: decides everything.
        device: where the rounds live.
        scale: of the samples, if they are played in units of their spread.
        seen: what of the samples the generator is shown.
    """

    def __init__(
        self,
        game: GAN,
        dataset: Dataset,
        prior: Prior,
        batch: int,
        seed: int,
        device: torch.device,
        scale: Scale | None = None,
        seen: Seen = UNSEEN,
    ) -> None:
        self.game = game
        self.dataset = dataset
        self.prior = prior
        self.batch = batch
        self.seed = seed
        self.device = device
        self.scale = scale
        self.seen = seen
        self.load_state_dict({"position": 0})

    def __iter__(self) -> Rounds:
        return self

    def __next__(self) -> Round:
        real = next(self._real)
        rng = randomness(self.seed, "noise", self.position, self.device)
        z = self.prior.draw(self.batch, rng)
        c = ask(self.game.condition, real, randomness(self.seed, "codes", self.position, self.device), self.seen)
        self.position += 1
        x = real.x if self.scale is None else self.scale.standardized(real.x)
        return self.game.round(x, z, c, rng)

    def state_dict(self) -> dict[str, Any]:
        """Return the position, and the scale that the networks have got used to."""
        return {"position": self.position, "scale": scale_to(self.scale)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a position."""
        self.position: int = state["position"]
        if "scale" in state:
            self.scale = scale_from(state["scale"])
        self._real = self.dataset.batches(self.batch, self.seed, self.position, self.device)
