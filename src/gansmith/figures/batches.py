"""What gives a collapsed minibatch away: statistics of features, and distances between its samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gansmith.data.toys import ring
from gansmith.figures.figure import BLUE, GREEN, ORANGE, PURPLE, Figure, print_sheet, sheet
from gansmith.networks.minibatch import MinibatchDistances
from gansmith.objectives.matching import feature_matching
from gansmith.settings.ranges import Count, Seed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"real": BLUE, "diverse": GREEN, "one mode": ORANGE, "the middle": PURPLE}


def minibatches(count: int, seed: int) -> dict[str, Tensor]:
    """Return minibatches (count, 2): data of the ring, good fakes, fakes of one mode, and fakes at the data's mean."""
    data, rng = ring(spread=0.05), torch.Generator().manual_seed(seed)
    noise = 0.05 * torch.randn(2, count, 2, generator=rng)
    return {
        "real": data.sample(count, rng),
        "diverse": data.sample(count, rng),
        "one mode": torch.tensor([1.0, 0.0]) + noise[0],
        "the middle": noise[1],
    }


def batches(count: Count = 64, seed: Seed = 0) -> Figure:
    """Feature matching and minibatch features: what gives a collapsed minibatch away, and what does not.

    Args:
        count: samples of a minibatch.
        seed: of all random numbers.
    """
    found = minibatches(count, seed)
    real = found["real"]
    fakes = {name: x for name, x in found.items() if name != "real"}
    numbers: dict[str, float] = {}
    for name, x in fakes.items():
        numbers[f"means, {name}"] = float(feature_matching(real, x))
        numbers[f"covariances, {name}"] = float(feature_matching(real, x, covariance=1.0)) - numbers[f"means, {name}"]
    for name, x in found.items():
        mean, nearest = MinibatchDistances()(x)[:, 2:].mean(dim=0).tolist()
        numbers |= {f"distance, {name}": mean, f"nearest, {name}": nearest}
    drawn = sheet(3, width=4.2, height=3.7)
    for name, x in found.items():
        drawn.axes[0].plot(*x.T, ".", color=COLOURS[name], label=name, ms=5 if name != "real" else 9, alpha=0.7)
    drawn.axes[0].set(aspect="equal", xlim=(-1.5, 1.5), ylim=(-1.5, 1.9), xlabel="x₁", ylabel="x₂", xticks=(-1, 0, 1))
    drawn.axes[0].legend(fontsize=8, frameon=False, ncols=2, loc="upper center")
    _draw_matching(drawn.axes[1], list(fakes), numbers)
    _draw_distances(drawn.axes[2], found)
    for axes, title in zip(
        drawn.axes, ("four minibatches", "feature matching", "distances within a minibatch"), strict=True
    ):
        axes.set_title(title, fontsize=10)
    caption = (
        f"Minibatches of {count}, features f(x) = x. The mean of the features misses fakes in the middle "
        f"(‖E f(x) − E f(G)‖² = {numbers['means, the middle']:.3f}, diverse ones {numbers['means, diverse']:.3f}); "
        "covariances "
        f"do not ({numbers['covariances, the middle']:.2f} against {numbers['covariances, diverse']:.3f}). Distances "
        "to the "
        f"others of the minibatch, which D gets as more features, are {numbers['distance, real']:.2f} in real ones and "
        f"{numbers['distance, one mode']:.2f} in collapsed ones."
    )
    return Figure([print_sheet(drawn, caption)], caption, numbers)


def _draw_matching(axes: Axes, names: list[str], numbers: dict[str, float]) -> None:
    for offset, what, colour in ((-0.2, "means", BLUE), (0.2, "covariances", ORANGE)):
        heights = [max(numbers[f"{what}, {name}"], 1e-4) for name in names]
        axes.bar([i + offset for i in range(len(names))], heights, width=0.4, color=colour, label=f"of {what}")
    axes.set_xticks(range(len(names)), names)
    axes.set(yscale="log", ylabel="squared difference from real", ylim=(1e-4, 20))
    axes.legend(fontsize=8, frameon=False, loc="upper left")


def _draw_distances(axes: Axes, found: dict[str, Tensor]) -> None:
    for name, x in found.items():
        apart = torch.pdist(x) / 2**0.5  # per feature, as D's layer has it
        axes.hist(
            apart.numpy(), bins=40, range=(0, 1.6), density=True, histtype="step", color=COLOURS[name], label=name
        )
    axes.set(xlabel="distance of two samples", ylabel="density", yscale="log", ylim=(0.02, 40))
    axes.legend(fontsize=8, frameon=False)
