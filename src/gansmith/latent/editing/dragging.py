"""Points of a picture dragged to where they shall be, followed by the generator's own features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, interpolate

from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.coordinates import Coordinates
from gansmith.latent.descent import Descent
from gansmith.latent.editing.editing import usual_differences
from gansmith.latent.space import Space
from gansmith.streams import forked


@dataclass(frozen=True)
class Pull:
    """How `drag` goes; lengths are in pixels of a sample.

    Attributes:
        steps: at most.
        rate: of Adam.
        around: a patch of so many pixels to each side of a point is moved.
        sought: within so many pixels a point is looked for after each step.
        there: a point that near to its target has arrived.
        still: weight of the mean squared change farther than `free` from all points and targets; 1 between samples.
        free: pixels around points and targets that may change.
        close: weight of |u − u₀|²/r.
        prior: weight of |u|²/r.
        strange: logarithm of how far styles lie from those that the mapping network makes, as in `Weights`.
    """

    steps: int = 60
    rate: float = 0.05
    around: int = 3
    sought: int = 4
    there: float = 1.0
    still: float = 2.0
    free: float = 8.0
    close: float = 0.05
    prior: float = 0.02
    strange: float = 0.15


USUAL = Pull()


class Dragged(NamedTuple):
    """What a drag made, on the CPU."""

    points: Tensor
    """(2, d): before and after."""
    before: Tensor
    """(C, H, W)."""
    after: Tensor
    """(C, H, W)."""
    handles: Tensor
    """(P, 2) where the dragged points, x and y, are at the end."""
    left: Tensor
    """(P,) pixels to their targets."""
    steps: int


def drag(
    gan: TrainedGenerator | Coordinates,
    point: Tensor,
    moves: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    pull: Pull = USUAL,
) -> Dragged:
    """Return the sample in which points have moved to their targets.

    Each step moves the patch around a point by one pixel towards its target: min Σ |F(q + d) − F(q)|₁ over the patch, F
    the generator's features at half the picture's side and F(q) held; then the point is looked for where features are
    nearest to those that it had at the start. Pan et al. 2023, "Drag your GAN", arXiv 2305.10973.

    Args:
        gan: the generator, or the coordinates of one of its spaces.
        point: (1, d) of a sample.
        moves: ((x, y), (x, y)), each from where to where, in pixels from the left and the top.
        pull: how it goes.

    Raises:
        GansmithError: if there are no moves, or a place lies outside the picture.
    """
    coordinates = gan if isinstance(gan, Coordinates) else Coordinates(Space(gan))
    height, width = coordinates.space.gan.shape[1:]
    places = torch.tensor(moves, dtype=torch.float32).reshape(-1, 2, 2)
    outside = (places < 0) | (places > places.new_tensor([width - 1, height - 1]))
    if not len(places) or outside.any() or not places.isfinite().all():
        raise GansmithError(f"drag: give moves within the picture of {width}x{height} pixels, not {list(moves)}")
    handles, targets = (places[:, i].to(coordinates.like.device) for i in (0, 1))
    start = coordinates.of(point)
    asked, way, taken = coordinates.conditions(start), Descent(start, pull.rate), 0
    with forked(), at_rest(coordinates.network), _Features(coordinates) as features:
        with torch.no_grad():
            before, f = features(start, asked)
            own, usual = _at(f, handles), usual_differences(coordinates)[0]
            held = _far(torch.cat([handles, targets]), before.shape[2:], pull.free)
            ordinary = coordinates.strangeness(start).clamp(min=1)
        while taken < pull.steps:
            taken += 1
            handles = handles.detach()

            def cost(u: Tensor, handles: Tensor = handles) -> Tensor:
                x, f = features(u, asked)
                changed = ((x - before).square().mean(dim=(0, 1)) * held).sum() / held.sum().clamp(min=1) / usual
                ways = pull.close * (u - start).square().mean() + pull.prior * u.square().mean()
                ways = ways + pull.strange * (coordinates.strangeness(u) / ordinary).clamp(min=1).log().mean()
                return (_motion(f, handles, targets, pull) + pull.still * changed + ways).reshape(1)

            way.step(cost)
            with torch.no_grad():
                after, f = features(way.u, asked)
                handles = torch.stack([_found(f, p, one, pull.sought) for p, one in zip(handles, own, strict=True)])
            if ((targets - handles).norm(dim=1) <= pull.there).all():
                break
    points = torch.cat([point.float().cpu(), coordinates.points(way.u.detach(), asked).float().cpu()])
    left = (targets - handles).norm(dim=1).cpu()
    return Dragged(points, before[0].cpu(), after[0].cpu(), handles.cpu(), left, taken)


class _Features:
    """Pictures of coordinates, and the last maps of the generator that are half as wide, enlarged to the picture."""

    def __init__(self, coordinates: Coordinates) -> None:
        self.coordinates, self.hooks = coordinates, []  # type: ignore[var-annotated]
        self.seen: Tensor  # of the picture that is being made
        self.side = max(1, coordinates.space.gan.shape[-1] // 2)

    def __enter__(self) -> _Features:
        self.hooks = [one.register_forward_hook(self._note) for one in self.coordinates.network.modules()]
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self.hooks:
            hook.remove()

    def _note(self, module: Any, inputs: Any, output: Any) -> None:
        if isinstance(output, Tensor) and output.dim() == 4 and output.shape[-1] == self.side:
            self.seen = output

    def __call__(self, u: Tensor, asked: Tensor | None) -> tuple[Tensor, Tensor]:
        self.seen = torch.empty(0)
        x = self.coordinates.pictures(u, asked)
        f = self.seen if self.seen.numel() else x
        return x, interpolate(f.float(), size=x.shape[2:], mode="bilinear", align_corners=True)


def _far(places: Tensor, size: Sequence[int], free: float) -> Tensor:
    """Return 1 at pixels that are farther than that from all places, else 0, (H, W)."""
    rows, columns = (torch.arange(side, dtype=places.dtype, device=places.device) for side in size)
    apart = (columns[None, None, :] - places[:, 0, None, None]) ** 2 + (
        rows[None, :, None] - places[:, 1, None, None]
    ) ** 2
    return (apart.amin(dim=0) > free**2).to(places)


def _at(f: Tensor, places: Tensor) -> Tensor:
    """Return features (P, K) of maps (1, K, H, W) at places (P, 2), x and y in pixels."""
    size = places.new_tensor([f.shape[3] - 1, f.shape[2] - 1])
    where = (2 * places / size - 1)[None, None]
    return grid_sample(f, where, align_corners=True, padding_mode="border")[0, :, 0].T


def _motion(f: Tensor, handles: Tensor, targets: Tensor, pull: Pull) -> Tensor:
    """Return how far the patches around the points are from having moved a pixel towards their targets."""
    steps = torch.arange(-pull.around, pull.around + 1, dtype=handles.dtype, device=handles.device)
    patch = torch.cartesian_prod(steps, steps)
    way = targets - handles
    length = way.norm(dim=1, keepdim=True)
    d = way / length.clamp(min=1)
    total = f.new_zeros(())
    for p, step, far in zip(handles, d, length[:, 0], strict=True):
        if far > pull.there:
            total = total + (_at(f, p + patch + step) - _at(f, p + patch).detach()).abs().mean()
    return total / f.detach().abs().mean().clamp(min=1e-6)


def _found(f: Tensor, place: Tensor, own: Tensor, sought: int) -> Tensor:
    """Return the place near another one where features are nearest to given ones."""
    steps = torch.arange(-sought, sought + 1, dtype=place.dtype, device=place.device)
    around = place + torch.cartesian_prod(steps, steps)
    last = place.new_tensor([f.shape[3] - 1, f.shape[2] - 1])
    around = torch.minimum(around.clamp(min=0), last)
    return around[(_at(f, around) - own).abs().mean(dim=1).argmin()]
