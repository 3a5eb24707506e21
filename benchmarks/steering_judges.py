"""Who judges sliders on drawn portraits: a network that reads attributes, and one that knows people again.

Neither has seen a generator's samples, the portraits that the steering network learns from, or its form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, normalize

from gansmith.data.images import to_range
from gansmith.data.portraits import ATTRIBUTES, HELD_OUT, draw
from gansmith.data.portraits.chance import Chance, Numbers
from gansmith.data.portraits.drawing import PIXELS, render, to_bytes
from gansmith.data.portraits.people import People
from gansmith.data.portraits.traits import traits
from gansmith.latent.fitting import explained, fit
from gansmith.latent.predictor import Predictor, Scores, shifted
from gansmith.streams import forked

SEED = 1  # of the portraits, and of both networks
TESTED = 1000  # portraits or people whom they have not seen
SCENE = ("backdrop", "fall", "cloth", "trim", "vee", "roll", "trimmed", "jacket", "stripes", "stripe_count")
VARIANTS = 4  # drawings of one person
SHARPNESS = 8.0  # of similarities, in the cost


class Judge(Predictor):
    """Reads attributes with wide kernels and pooling, where the steering network has strides and smooth units."""

    def __init__(self, side: int) -> None:
        super().__init__((3, side, side), ATTRIBUTES, width=4)
        self.body = eyes(len(ATTRIBUTES))


def eyes(outputs: int) -> nn.Sequential:
    """Return convolutions with pooling and one linear layer, for images of any side."""
    layers: list[nn.Module] = [nn.Conv2d(3, 32, 5, 2, 2, bias=False), nn.BatchNorm2d(32), nn.ReLU()]
    for before, after in ((32, 64), (64, 128)):
        layers += [nn.Conv2d(before, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Dropout(0.1), nn.Linear(128 * 16, outputs)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def judge_of(side: int, count: int, shown: int) -> Judge:
    """Return a judge that has learnt from portraits of another seed, with its scores on people it has not seen."""
    images, known = draw(SEED, range(count), side)
    with forked(SEED):
        judge = Judge(side)

        def loss(index: Tensor) -> Tensor:
            return binary_cross_entropy_with_logits(judge(shifted(to_range(images[index]))), known[index])

        fit(judge, count, loss, shown, 100, 2e-3)
    fresh, true = draw(SEED, range(HELD_OUT, HELD_OUT + TESTED), side)
    p = judge.logits(fresh).sigmoid()
    judge.scores = Scores(explained(p, true), ((p > 0.5) == (true > 0.5)).double().mean(dim=0), TESTED)
    return judge.requires_grad_(False)


class Variant(People):
    """The people of a `Chance` with Young, Male, Smiling and the shade of their hair from another one.

    All other random numbers are the same ones, so that what does not follow from these four stays.
    """

    def __init__(self, chance: Chance, other: Chance) -> None:
        self.other = other
        super().__init__(chance)

    def _self(self, chance: Chance) -> None:
        super()._self(chance)
        side = 2.0 * self.other.chosen(0.5) - 1.0
        self.known["Young"], self.known["Smiling"] = self.other.uniform(), self.other.uniform()
        self.known["Male"] = 0.5 + side * self.other.uniform(0.12, 0.5)

    def _hair_colour(self, chance: Any) -> None:
        super()._hair_colour(_Shade(chance, self.other.uniform()))  # type: ignore[arg-type]


class _Shade:
    """A chance whose first uniform number, the shade of hair, is another one."""

    def __init__(self, chance: Chance, shade: Numbers) -> None:
        self.chance, self.shade = chance, [shade]
        self.chosen = chance.chosen

    def uniform(self, low: float | Numbers = 0.0, high: float | Numbers = 1.0) -> Numbers:
        own = self.chance.uniform(low, high)
        return self.shade.pop() if self.shade else own


@torch.no_grad()
def variants(indices: Sequence[int] | range, variant: int, side: int) -> Tensor:
    """Return drawings (N, 3, side, side), bytes, of people by number.

    Each variant has another age, sex, smile and shade of hair, and stands in another scene, so that nobody is known by
    clothes or by what is behind.
    """
    rows = np.asarray(indices, dtype=np.int64)
    images = torch.empty(len(rows), 3, side, side, dtype=torch.uint8)
    count = max(1, PIXELS // side**2)
    for start in range(0, len(rows), count):
        part = slice(start, start + count)
        chance = Chance(SEED, rows[part])
        people = Variant(chance, Chance(10_000 + variant, rows[part]))
        look = traits(people, chance)
        look.values |= {name: look.values[name].roll(variant, dims=0) for name in SCENE}
        images[part] = to_bytes(render(look, side))
    return images


@dataclass(frozen=True)
class Identity:
    """Knows people again.

    Attributes:
        network: images → (N, 64).
        same: mean similarity of two drawings of one person, whom it has not seen.
        different: that of two people, drawn alike in nothing.
    """

    network: nn.Module
    same: float = 0.0
    different: float = 0.0

    @torch.no_grad()
    def similarity(self, one: Tensor, other: Tensor) -> Tensor:
        """Return the cosine (N,) of what it makes of images, bytes or in [−1, 1]."""
        return (self._read(one) * self._read(other)).sum(dim=1)

    def _read(self, images: Tensor) -> Tensor:
        floats = to_range(images) if images.dtype == torch.uint8 else images
        return torch.cat([normalize(self.network(part), dim=1) for part in torch.split(floats, 250)])


def learn_identity(side: int, people: int, rounds: int, batch: int = 64) -> Identity:
    """Return a network for which drawings of one person are near, and those of different people far apart.

    Cross-entropy of which of the others' drawings is the same person's, by cosine (InfoNCE; van den Oord et al. 2018,
    arXiv 1807.03748).
    """
    drawn = torch.stack([variants(range(people), v, side) for v in range(VARIANTS)])
    with forked(SEED):
        network = eyes(64)

        def loss(index: Tensor) -> Tensor:
            pair = torch.randperm(VARIANTS)[:2]
            both = to_range(drawn[pair][:, index].flatten(0, 1))
            one, other = normalize(network(shifted(both)), dim=1).chunk(2)
            cosine = SHARPNESS * one @ other.T
            who = torch.arange(len(one))
            return (cross_entropy(cosine, who) + cross_entropy(cosine.T, who)) / 2

        fit(network, people, loss, rounds * batch, batch, 2e-3)
    identity = Identity(network.requires_grad_(False))
    fresh = range(HELD_OUT, HELD_OUT + min(TESTED, people))
    one, other = (variants(fresh, v, side) for v in (VARIANTS, VARIANTS + 1))
    same, different = (float(identity.similarity(one, x).mean()) for x in (other, other.roll(1, dims=0)))
    return Identity(identity.network, same, different)
