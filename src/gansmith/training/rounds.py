"""Where rounds of play come from: real samples and noise, both a function of (seed, position)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gansmith.conditions import Condition
from gansmith.config import Networks
from gansmith.data.dataset import Batch, Dataset, randomness
from gansmith.games.gan import GAN
from gansmith.games.round import Round


def draw_noise(networks: Networks, count: int, rng: torch.Generator, truncation: float = 1.0) -> Tensor:
    """Return z, (count, latent), from the recipe's noise.

    Args:
        truncation: below 1, normal noise is redrawn until it lies within 2 · truncation standard deviations (Brock et
            al. 2019, arXiv 1809.11096), uniform noise is drawn from the inner fraction of its range: less variety,
            more typical samples.
    """
    shape = (count, networks.latent)
    if networks.noise == "uniform":
        reach = networks.noise_scale * truncation
        return torch.rand(shape, generator=rng, device=rng.device) * (2 * reach) - reach
    if truncation < 1:
        z = torch.empty(shape, device=rng.device)
        torch.nn.init.trunc_normal_(z, a=-2 * truncation, b=2 * truncation, generator=rng)
        return z * networks.noise_scale
    return torch.randn(shape, generator=rng, device=rng.device) * networks.noise_scale


def ask(condition: Condition, real: Batch, rng: torch.Generator) -> Tensor | None:
    """Return c (N, size): labels and attributes of real samples, and codes drawn; None if nothing is asked for."""
    if not condition.size:
        return None
    return condition.join(real.labels, real.attributes, condition.draw_codes(len(real.x), rng))


class Rounds:
    """Endless rounds for a GAN. Its whole state is its position.

    Args:
        game: the GAN that will play them.
        dataset: real samples.
        networks: tells the noise.
        batch: samples in a round.
        seed: decides everything.
        device: where the rounds live.
    """

    def __init__(
        self, game: GAN, dataset: Dataset, networks: Networks, batch: int, seed: int, device: torch.device
    ) -> None:
        self.game = game
        self.dataset = dataset
        self.networks = networks
        self.batch = batch
        self.seed = seed
        self.device = device
        self.load_state_dict({"position": 0})

    def __iter__(self) -> Rounds:
        return self

    def __next__(self) -> Round:
        real = next(self._real)
        rng = randomness(self.seed, "noise", self.position, self.device)
        z = draw_noise(self.networks, self.batch, rng)
        c = ask(self.game.condition, real, randomness(self.seed, "codes", self.position, self.device))
        self.position += 1
        return self.game.round(real.x, z, c, rng)

    def state_dict(self) -> dict[str, Any]:
        """Return the position."""
        return {"position": self.position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a position."""
        self.position: int = state["position"]
        self._real = self.dataset.batches(self.batch, self.seed, self.position, self.device)
