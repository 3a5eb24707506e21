"""What samples of the default runs are held against: judges that no GAN was trained with.

Digits are judged by networks and support vectors that learn from real digits here, once, with a seed of their own.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy.stats import kurtosis, norm
from sklearn.svm import SVC
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, interpolate, softplus

from gansmith.data import Source, open_dataset
from gansmith.data.dataset import first, randomness
from gansmith.data.toys import TOYS
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.neighbours import support

SIDE = 28
LESSONS = 3000  # minibatches that the network of digits learns from
Numbers = dict[str, float]


@dataclass(frozen=True)
class Digits:
    """Real digits: images (N, 1, 28, 28) in [−1, 1] and their classes."""

    images: Tensor
    labels: Tensor

    @functools.cached_property
    @torch.enable_grad()
    def sure(self) -> nn.Module:
        """A network that tells digits from each other and from what is none: p(class) of eleven, the last no digit."""
        torch.manual_seed(0)
        network = nn.Sequential(
            *(nn.Conv2d(1, 16, 3, 2, 1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.BatchNorm2d(32)),
            *(nn.ReLU(), nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Linear(128, 11)),
        )
        optimizer = torch.optim.Adam(network.parameters(), 2e-3)
        rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, LESSONS)
        for _ in range(LESSONS):
            rows = torch.randint(len(self.images), (128,))
            x, none = self.images[rows], no_digits(self.images[rows])
            target = torch.cat([self.labels[rows], torch.full((len(none),), 10)])
            optimizer.zero_grad()
            cross_entropy(network(torch.cat([x, none])), target).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            rates.step()
        return network.eval()

    @functools.cached_property
    def svc(self) -> SVC:
        """Support vectors fitted on 10,000 digits."""
        return SVC(C=5, gamma="scale").fit(self.images[:10_000].flatten(1).numpy(), self.labels[:10_000].numpy())

    @functools.cached_property
    def held_out(self) -> float:
        """How many of 2,000 other digits the support vectors get right."""
        rows = slice(-2000, None)
        return float(self.svc.score(self.images[rows].flatten(1).numpy(), self.labels[rows].numpy()))

    @torch.no_grad()
    def confidence(self, x: Tensor) -> tuple[float, int]:
        """Return how many images are a digit with probability 0.9 or more, and of how many classes those are."""
        best, classes = self.sure(at_side(x)).softmax(dim=1)[:, :10].max(dim=1)
        return float((best >= 0.9).double().mean()), len(classes[best >= 0.9].unique())


def no_digits(x: Tensor) -> Tensor:
    """Return pictures of no digit: noise of several kinds, shuffled pixels and patches, digits under noise, blots."""
    n, kinds = len(x), torch.arange(len(x)) % 6
    patches = x.unfold(2, 7, 7).unfold(3, 7, 7).reshape(n, 1, 16, 7, 7)[:, :, torch.randperm(16)]
    patches = patches.reshape(n, 1, 4, 4, 7, 7).permute(0, 1, 2, 4, 3, 5).reshape(n, 1, SIDE, SIDE)
    shuffled = x.flatten(2)[:, :, torch.randperm(SIDE * SIDE)].reshape(x.shape)
    uniform, rough = torch.rand_like(x) * 2 - 1, torch.where(torch.rand_like(x) < torch.rand(n, 1, 1, 1), 1.0, -1.0)
    covered = (x + 1.5 * torch.randn_like(x)).clamp(-1, 1)
    table = torch.stack([patches, shuffled, uniform, rough, covered, blots(x)])
    return table[kinds, torch.arange(n)]


def blots(x: Tensor, together: int = 8) -> Tensor:
    """Return what lies between digits: eight that run into each other, or a pixel of this and a pixel of that one."""
    n = len(x)
    digits = x[torch.randint(n, (together, n))]
    torn = digits.gather(0, torch.randint(together, (1, *x.shape)))[0]
    share, light = torch.rand(n, 1, 1, 1), 0.5 + torch.rand(n, 1, 1, 1)
    return ((share * torn + (1 - share) * digits.mean(dim=0) + 1) * light - 1).clamp(-1, 1)


def at_side(x: Tensor, side: int = SIDE) -> Tensor:
    """Return images at the judges' size."""
    if x.shape[-1] == side:
        return x
    return interpolate(x, side, mode="bilinear", align_corners=False, antialias=True)


def obedience(gan: TrainedGenerator, digits: Digits, count: int = 2000) -> Numbers:
    """Return how many samples are of the class asked for, and how diverse the least diverse is, 1 for real digits."""
    asked = np.arange(count) % 10
    x = at_side(gan.sample(count, seed=3, labels=[str(i) for i in asked])).flatten(1)
    obeyed = float((digits.svc.predict(x.numpy()) == asked).mean())
    diversity = [
        float(
            torch.pdist(x[c::10]).mean()
            / torch.pdist(digits.images[digits.labels == c][: count // 10].flatten(1)).mean()
        )
        for c in range(10)
    ]
    return {"obeys": obeyed, "least diverse class": min(diversity), "SVC on held-out digits": digits.held_out}


@functools.cache
def _sides() -> tuple[Tensor, Tensor, list[SVC]]:
    """Return the built-in digits (N, D), their attributes (N, A), and for each a classifier of its side of ½.

    The classifiers learn from all but every fifth digit.
    """
    digits = next(first(open_dataset(Source("digits", image_size=16)), 1797, 1797))
    assert digits.attributes is not None
    x, values = digits.x.flatten(1), digits.attributes
    learn = torch.arange(len(x)) % 5 > 0
    return x, values, [SVC(C=5, gamma="scale").fit(x[learn].numpy(), one[learn].numpy() > 0.5) for one in values.T]


def attributes(gan: TrainedGenerator, names: Sequence[str] = ("bold", "leaning", "even"), count: int = 1600) -> Numbers:
    """Return how many samples have the attributes that were asked for, 0.1 or 0.9 each, and the least diverse corner.

    A corner is one of the combinations; its diversity is the mean distance between its samples, 1 for digits whose
    attributes are within 0.2 of what is asked for.
    """
    real, values, classifiers = _sides()
    corners = list(itertools.product((False, True), repeat=len(names)))
    obeyed, diversity = torch.zeros(len(names)), []
    for corner in corners:
        asked = {name: 0.9 if side else 0.1 for name, side in zip(names, corner, strict=True)}
        x = at_side(gan.sample(count // len(corners), seed=3, attributes=asked), 16).flatten(1)
        said = torch.tensor(np.stack([one.predict(x.numpy()) for one in classifiers], axis=1))
        obeyed += (said == torch.tensor(corner)).float().mean(dim=0) / len(corners)
        same = ((values - torch.tensor([*asked.values()])).abs() <= 0.2).all(dim=1)
        diversity.append(float(torch.pdist(x).mean() / torch.pdist(real[same]).mean()))
    held = torch.arange(len(real)) % 5 == 0
    sides = zip(classifiers, values[held].T > 0.5, strict=True)
    right = [one.score(real[held].numpy(), side.numpy()) for one, side in sides]
    found = dict(zip(names, obeyed.tolist(), strict=True))
    return found | {"least diverse corner": min(diversity), "worst classifier on held-out digits": float(min(right))}


def mixture(gan: TrainedGenerator, data: str, count: int = 10_000) -> Numbers:
    """Return modes, high quality, the spread within modes and coverage beside the data's, the least frequent mode."""
    toy = TOYS[data]()
    assert toy.modes is not None
    real, x = toy.sample(count, randomness(1, "judge", 0)), gan.sample(count, seed=7)
    width = []
    for points in (x, real):
        distance, nearest = torch.cdist(points.double(), toy.modes.double()).min(dim=1)
        inside = distance <= 3 * toy.spread
        width.append(float(distance[inside].square().mean().sqrt()))
        if points is x:
            shares = torch.bincount(nearest[inside], minlength=len(toy.modes)) / count * len(toy.modes)
            found = {"modes": int((shares > 0).sum()), "high quality": float(inside.double().mean())}
    found |= {"width": width[0] / width[1], "coverage": support(real[:2500], x[:2500], 5).coverage}
    return found | {"rarest mode": float(shares.min())}


def line(gan: TrainedGenerator, own: nn.Module, mean: float = 5.0, count: int = 200_000) -> Numbers:
    """Return how samples on the line differ from N(mean, 1), and what discriminators make of them.

    V of the end is 2 JS − log 4, from the densities on a grid of 0.02; a fresh discriminator learns for 2,000 steps.
    """
    x = gan.sample(count, seed=7).flatten().double().numpy()
    ranks = (np.arange(count) + 0.5) / count
    off = np.sort(x) - mean
    step, low, high = 0.02, mean - 8, mean + 8
    edges = np.arange(low, high + step, step)
    grid = (edges[1:] + edges[:-1]) / 2
    q, p = np.histogram(x, edges)[0] / count / step, norm.pdf(grid - mean)
    js = sum(_kl(a, (p + q) / 2) * step for a in (p, q)) / 2
    with torch.no_grad():
        belief = torch.sigmoid(own(torch.tensor(grid, dtype=torch.float32)[:, None]).logits).numpy()
    return {
        "W1": float(np.abs(off - norm.ppf(ranks)).mean()),
        "kurtosis": float(kurtosis(x)),
        "0.1 %": float(np.quantile(off, 0.001) - norm.ppf(0.001)),
        "99.9 %": float(np.quantile(off, 0.999) - norm.ppf(0.999)),
        "V + log 4": float(2 * js),
        "fresh D + log 4": fresh_value(torch.tensor(x, dtype=torch.float32)[:, None], mean) + float(np.log(4)),
        "own D off ½": float(np.abs(belief - 0.5)[p + q > 0.01].max()),
    }


def fresh_value(fake: Tensor, mean: float, steps: int = 2000) -> float:
    """Return E log D(x) + E log(1 − D(G(z))) of a discriminator that learns from nothing, on other samples."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for i in range(3):
        layers += [nn.Linear(1 if i == 0 else 64, 64), nn.SiLU()]
    network = nn.Sequential(*layers, nn.Linear(64, 1))
    optimizer = torch.optim.Adam(network.parameters(), 2e-3)
    rates = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    learn, held = fake[: len(fake) // 2], fake[len(fake) // 2 :]
    for _ in range(steps):
        real = mean + torch.randn(512, 1)
        rows = torch.randint(len(learn), (512,))
        optimizer.zero_grad()
        (softplus(-network(real)).mean() + softplus(network(learn[rows])).mean()).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        rates.step()
    with torch.no_grad():
        real = mean + torch.randn(len(held), 1)
        return -float(softplus(-network(real)).mean() + softplus(network(held)).mean())


def _kl(a: Any, b: Any) -> float:
    positive = a > 0
    return float((a[positive] * np.log(a[positive] / b[positive])).sum())


def medians(found: Sequence[Numbers]) -> Numbers:
    """Return the median over seeds of every number."""
    return {name: float(np.median([one[name] for one in found if name in one])) for name in found[0]}
