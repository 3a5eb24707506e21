"""What of a sample its generator is shown: nothing, the sample with a hole, or a small picture of it.

A generator that is shown something answers with a whole sample, and keeps to what it saw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from gansmith import objectives
from gansmith.errors import GansmithError
from gansmith.settings import Fraction, Kind, Range

if TYPE_CHECKING:
    import torch
    from torch import Tensor

Shape = tuple[int, ...]


class Seen(Protocol):
    """What is shown of a sample."""

    def shape(self, sample: Shape) -> Shape:
        """Return the shape of what is shown of samples of a shape; () for nothing."""
        ...

    def show(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """Return what is shown of samples, (N, *shape)."""
        ...

    def kept(self, made: Tensor, shown: Tensor) -> Tensor:
        """Return answers that agree with what was shown."""
        ...

    def pictured(self, shown: Tensor, sample: Shape) -> Tensor:
        """Return what was shown as pictures of a sample's shape, for people."""
        ...


@dataclass(frozen=True)
class Nothing:
    """A generator that makes samples of noise."""

    def shape(self, sample: Shape) -> Shape:
        return ()

    def show(self, x: Tensor, rng: torch.Generator) -> Tensor:
        return x[:, :0]

    def kept(self, made: Tensor, shown: Tensor) -> Tensor:
        return made

    def pictured(self, shown: Tensor, sample: Shape) -> Tensor:
        return shown


@dataclass(frozen=True)
class Masked:
    """A picture with a square hole, and where the hole is. Pathak et al. 2016, arXiv 1604.07379."""

    hole: Fraction = 0.5
    """Side of the hole, as a fraction of the picture's."""
    hole_at: Literal["anywhere", "centre"] = "anywhere"
    """Where the hole is: drawn anew for every picture, or in its middle."""

    def shape(self, sample: Shape) -> Shape:
        _images(sample, "masked")
        side = self._side(sample)
        if not 0 < side < min(sample[1:]):
            raise GansmithError(f"hole = {self.hole:g} of a picture of {sample[-1]} pixels is no hole: use --hole 0.5")
        return (sample[0] + 1, *sample[1:])

    def show(self, x: Tensor, rng: torch.Generator) -> Tensor:
        import torch

        side = self._side(tuple(x.shape[1:]))
        places = torch.tensor([length - side for length in x.shape[2:]], device=x.device)
        if self.hole_at == "centre":
            corners = (places // 2).expand(len(x), 2)
        else:
            dice = torch.rand(len(x), 2, generator=rng, device=rng.device).to(x.device)
            corners = (dice * (places + 1)).long()
        return objectives.showing.with_hole(x, objectives.showing.hole(corners, side, tuple(x.shape[1:])))

    def kept(self, made: Tensor, shown: Tensor) -> Tensor:
        return objectives.showing.filled(made, shown)

    def pictured(self, shown: Tensor, sample: Shape) -> Tensor:
        return shown[:, :-1]

    def _side(self, sample: Shape) -> int:
        return round(self.hole * sample[-1])


@dataclass(frozen=True)
class Small:
    """A picture whose side is so many times shorter. Ledig et al. 2017, arXiv 1609.04802."""

    shrink: Annotated[int, Range(least=2)] = 4
    """Pixels of the picture along a side for one of the small picture."""

    def shape(self, sample: Shape) -> Shape:
        _images(sample, "small")
        if sample[-1] % self.shrink or sample[-2] % self.shrink:
            raise GansmithError(f"shrink = {self.shrink} must divide the side of the pictures, {sample[-1]} pixels")
        return (sample[0], sample[1] // self.shrink, sample[2] // self.shrink)

    def show(self, x: Tensor, rng: torch.Generator) -> Tensor:
        return objectives.showing.shrunk(x, self.shrink)

    def kept(self, made: Tensor, shown: Tensor) -> Tensor:
        return objectives.showing.enlarged(made, shown)

    def pictured(self, shown: Tensor, sample: Shape) -> Tensor:
        return shown.repeat_interleave(self.shrink, 2).repeat_interleave(self.shrink, 3)


def _images(sample: Shape, which: str) -> None:
    if len(sample) != 3:
        raise GansmithError(f"seen = {which} is a picture, and these samples are vectors: use --data with images")


SEEN = Kind("seen", "show", {"nothing": Nothing, "masked": Masked, "small": Small})
