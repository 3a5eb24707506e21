"""What a picture of a game is drawn from: samples, D over the plane, what pulls samples, how noise is folded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gansmith.generators.rest import at_rest
from gansmith.playground.density import Window, density
from gansmith.training.trainer import Trainer

LAYERS = ("samples", "heat", "arrows", "warp", "density")
SHOWN, ARROWS, LINES = 400, 120, 17
LOGISTIC = ("Minimax", "NonSaturating")  # whose best D is D*
FAR = 2.0  # in standard deviations of the noise: how far the latent grid goes


@dataclass(frozen=True)
class Probes:
    """What is looked at again and again: the same real samples, the same noise, the same place."""

    real: Tensor
    z: Tensor
    window: Window

    @classmethod
    def of(cls, trainer: Trainer, count: int = 1000) -> Probes:
        """Return those of a run; they depend on its seed alone and leave its randomness as it is."""
        rng = torch.Generator().manual_seed(trainer.recipe.training.seed + 1)
        real = next(trainer.rounds.dataset.batches(count, trainer.recipe.training.seed + 1, 0, torch.device("cpu"))).x
        return cls(real, trainer.recipe.prior.draw(count, rng), Window.around(real))


@contextmanager
def looking(trainer: Trainer) -> Iterator[None]:
    """While inside, networks are in evaluation mode, so that looking changes nothing."""
    with ExitStack() as stack:
        for network in trainer.game.networks.values():
            stack.enter_context(at_rest(network))
        yield


def generated(trainer: Trainer, z: Tensor) -> Tensor:
    """Return G(z) in the units of the data, (N, D)."""
    with torch.no_grad(), looking(trainer):
        made: Tensor = trainer.game.networks["generator"](z)
    scale = trainer.rounds.scale
    return made if scale is None else scale.restored(made)


def scores(trainer: Trainer, x: Tensor) -> Tensor:
    """Return the discriminator's logits (N,) at places x (N, D) in the units of the data."""
    scale = trainer.rounds.scale
    x = x if scale is None else scale.standardized(x)
    with torch.no_grad(), looking(trainer):
        returned = trainer.game.networks["discriminator"](x)
    logits: Tensor = getattr(returned, "logits", returned)
    return logits


def is_probability(trainer: Trainer) -> bool:
    """Tell whether σ(score) is the probability that a sample is real; other losses leave a constant or a scale open."""
    loss = trainer.game.terms["adversarial"].loss
    return type(loss).__name__ in LOGISTIC


def heat(trainer: Trainer, at: Tensor, real: Tensor, fake: Tensor) -> Tensor:
    """Return D = σ(score) at places (N, D), (N,); σ(score − middle) where scores are known up to a constant alone.

    The middle is that between the mean scores of real samples and fakes.
    """
    if is_probability(trainer):
        return torch.sigmoid(scores(trainer, at))
    middle = (scores(trainer, real).mean() + scores(trainer, fake).mean()) / 2
    return torch.sigmoid(scores(trainer, at) - middle)


def pulls(trainer: Trainer, real: Tensor, z: Tensor) -> Tensor:
    """Return −N ∂(generator's cost)/∂x at its N samples, (N, D): where each of them is pulled, and how much.

    In units of the data; a sample that moved along it for a short time t would lower the cost by t times its square
    over N.

    Args:
        real: (N, D) samples that the cost compares with.
        z: (N, latent).
    """
    scale, rng = trainer.rounds.scale, torch.Generator().manual_seed(0)
    x = real if scale is None else scale.standardized(real)
    with looking(trainer):
        batch = trainer.game.round(x, z, None, rng)
        cost = trainer.game.cost("generator", batch)
        (slope,) = torch.autograd.grad(cost, batch.fake)
    by = 1.0 if scale is None else slope.new_tensor(scale.deviation)
    return -len(z) * slope.detach() * by


def folded(trainer: Trainer, lines: int = LINES) -> Tensor | None:
    """Return where G puts a grid of the latent plane, (lines, lines, D), or a line of it, (200, D); None for more."""
    prior = trainer.recipe.prior
    if prior.latent > 2:
        return None
    far = (FAR if prior.noise == "normal" else 1.0) * prior.noise_scale
    if prior.latent == 1:
        return generated(trainer, torch.linspace(-far, far, 200).unsqueeze(1))
    line = torch.linspace(-far, far, lines)
    return generated(trainer, torch.cartesian_prod(line, line)).reshape(lines, lines, -1)


def arrays(trainer: Trainer, probes: Probes, wanted: Mapping[str, bool]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the layers that are wanted as small arrays: places as float32, D as bytes (255 is real)."""
    found: dict[str, Tensor] = {}
    fake = generated(trainer, probes.z)
    if wanted.get("samples"):
        found["real"], found["fake"] = probes.real[:SHOWN], fake[:SHOWN]
    if wanted.get("arrows"):
        found["from"] = fake[:ARROWS]
        found["pull"] = pulls(trainer, probes.real[:ARROWS], probes.z[:ARROWS])
    if wanted.get("warp") and (grid := folded(trainer)) is not None:
        found["warp"] = grid
    if wanted.get("density"):
        found["q"] = density(fake, probes.window)
    small = {name: value.float().contiguous().numpy() for name, value in found.items()}
    if wanted.get("heat"):
        judged = heat(trainer, probes.window.grid(), probes.real[:SHOWN], fake[:SHOWN])
        small["heat"] = (judged * 255).round().byte().numpy()
    return small
