"""What "near" means between pictures: pixels, a pyramid of scales, or what a network sees in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from gansmith.errors import GansmithError, unknown
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.coordinates import Coordinates
from gansmith.networks.output import DiscriminatorOutput

PAIRS = 32  # random pairs of samples, whose mean distance is 1
SCALES = 4  # of the pyramid: each half of the one before
USUAL = ("pyramid",)

Look = Callable[[Tensor], Sequence[Tensor]]
"""Pictures (N, C, H, W) → what is compared, (N, …) each."""
Told = list[list[Tensor]]


class Nearness:
    """The mean over measures of |f(a) − f(b)|² / E|f(x) − f(x′)|², x and x′ random samples of the generator.

    Each measure is 1 on average between random samples, so that several can be added up.

    Attributes:
        names: of the measures.
    """

    def __init__(self, looks: Mapping[str, Look], coordinates: Coordinates) -> None:
        self.looks = dict(looks)
        self.names = tuple(looks)
        with torch.no_grad(), at_rest(coordinates.network):
            drawn = coordinates.space.drawn(2 * PAIRS, seed=1)
            told = self.told(coordinates.space.images(drawn).to(coordinates.like.device))
        self.usual = [[_apart(part[:PAIRS], part[PAIRS:]).mean().clamp(min=1e-12) for part in one] for one in told]

    def told(self, pictures: Tensor) -> Told:
        """Return what the measures see in pictures (N, C, H, W)."""
        return [list(look(pictures)) for look in self.looks.values()]

    def apart(self, a: Told, b: Told) -> Tensor:
        """Return the distance of each pair, (N,), from what the measures see in both."""
        each = [
            sum(_apart(p, q) / mean for p, q, mean in zip(x, y, means, strict=True)) / len(means)
            for x, y, means in zip(a, b, self.usual, strict=True)
        ]
        return torch.stack([torch.as_tensor(one) for one in each]).mean(dim=0)

    def distance(self, a: Tensor, b: Tensor) -> Tensor:
        """Return the distance of each pair of pictures, (N,)."""
        return self.apart(self.told(a), self.told(b))


def nearness(names: Sequence[str], coordinates: Coordinates, judges: Mapping[str, Look] | None = None) -> Nearness:
    """Return a measure by name: pixels, pyramid, discriminator, or one of the judges; several are added up.

    Args:
        names: of the measures.
        coordinates: of the generator.
        judges: other measures by name, such as `features_of` a classifier or a predictor of attributes.

    Raises:
        GansmithError: if a name is unknown, or there is no discriminator that can be asked.
    """
    known: dict[str, Callable[[], Look]] = {
        "pixels": lambda: _pixels,
        "pyramid": lambda: pyramid,
        "discriminator": lambda: of_discriminator(coordinates.space.gan),
        **{name: partial(_itself, look) for name, look in (judges or {}).items()},
    }
    for name in names:
        if name not in known:
            raise unknown("measure of nearness", name, known)
    if not names:
        raise GansmithError(f"near: name a measure at least, of {', '.join(known)}")
    return Nearness({name: known[name]() for name in dict.fromkeys(names)}, coordinates)


def pyramid(x: Tensor) -> list[Tensor]:
    """Return pictures at up to four scales, each half of the one before."""
    scales = [x]
    while len(scales) < SCALES and min(scales[-1].shape[2:]) >= 4:
        scales.append(avg_pool2d(scales[-1], 2))
    return scales


def features_of(network: nn.Module) -> Look:
    """Return the look of a network that maps pictures to features, a tensor or something with `features`."""

    def look(x: Tensor) -> list[Tensor]:
        with at_rest(network):
            seen = network(x)
        return [getattr(seen, "features", seen)]

    return look


def of_discriminator(gan: TrainedGenerator) -> Look:
    """Return the look of the discriminator that a generator was trained against: what its last layer sees.

    Raises:
        GansmithError: if there is none, it takes conditions, or it tells no features.
    """
    network = gan.discriminator
    probe = torch.zeros(2, *gan.shape).to(next(network.parameters()))
    try:
        with torch.no_grad(), at_rest(network):
            seen = network(probe)
    except (TypeError, RuntimeError, ValueError) as error:
        raise GansmithError(
            f"the discriminator of {gan.name} judges no picture alone (it takes conditions, or packs): "
            "use --near pyramid"
        ) from error
    features = seen.features if isinstance(seen, DiscriminatorOutput) else None
    if features is None or len(features) != len(probe):
        raise GansmithError(f"the discriminator of {gan.name} tells no features: use --near pyramid")
    return features_of(network)


def _itself(look: Look) -> Look:
    return look


def _pixels(x: Tensor) -> list[Tensor]:
    return [x]


def _apart(a: Tensor, b: Tensor) -> Tensor:
    """Return the mean squared difference of each pair, (N,)."""
    return (a - b).square().flatten(1).mean(dim=1)
