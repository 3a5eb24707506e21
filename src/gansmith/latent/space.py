"""The space in which a trained generator is steered: its styles w if it maps noise to styles, else its noise z."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Literal

import torch
from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.generators.latents import Latents
from gansmith.generators.trained import TrainedGenerator
from gansmith.latent.whitening import Whitening, whitening_of
from gansmith.networks.conditional import ConditionalGenerator
from gansmith.networks.style import StyleGenerator

SAMPLES = 10_000  # of the generator, for the statistics of its points


class Space:
    """Points of a generator's latent space, and the samples that it makes of them.

    `images(points(latents))` are the samples that `gan.make(latents)` yields.

    Attributes:
        gan: the generator.
        name: w, styles, (N, style), for a generator with a mapping network; a condition has gone into w then. Else z,
            noise, (N, latent), with its condition behind it if the generator takes one, (N, latent + size). Without
            `styles` it is the noise of any generator.
        size: d, numbers of a point.
    """

    def __init__(self, gan: TrainedGenerator, styles: bool = True) -> None:
        self.gan = gan
        style = style_generator(gan.generator) if styles else None
        self.name: Literal["w", "z"] = "z" if style is None else "w"
        self.size = gan.prior.latent + gan.condition.size
        if style is not None:
            self.size = int(style.mapping.running_mean.numel())
            self._mapping = replace(gan, generator=_Mapping(gan.generator, style), scale=None)
            self._synthesis = replace(gan, generator=_Synthesis(style))

    @property
    def parts(self) -> tuple[nn.Module, nn.Module]:
        """Two networks behind each other that are the generator: (z, c) → points, and points → samples."""
        if self.name == "w":
            return self._mapping.generator, self._synthesis.generator
        return _Joined(), _Apart(self.gan.generator, self.gan.prior.latent, self.gan.condition.size)

    def points(self, latents: Latents, truncation: float = 1.0) -> Tensor:
        """Return the points (N, d) that latents lead to, float32 on the CPU.

        Args:
            latents: see `TrainedGenerator.latents`; noise is truncated there.
            truncation: ψ of styles, in (0, 1]; 1 for noise.
        """
        if self.name == "w":
            return torch.cat(list(self._mapping.make(latents, truncation=truncation)))
        return torch.cat([part.float().cpu() for part in latents if part is not None], dim=1)

    def images(self, points: Tensor) -> Tensor:
        """Return the samples (N, *shape) of points (N, d), in the data's own units: float32 on the CPU.

        The network is in evaluation mode meanwhile, see `gansmith.generators.rest.at_rest`.
        """
        if points.dim() != 2 or points.shape[1] != self.size or not len(points):
            raise GansmithError(
                f"points of shape {tuple(points.shape)} are not (N, {self.size}), which {self.name} has"
            )
        if self.name == "w":
            return torch.cat(list(self._synthesis.make(Latents(points, None))))
        z, c = torch.split(points, [self.gan.prior.latent, self.gan.condition.size], dim=1)
        return torch.cat(list(self.gan.make(Latents(z, c if self.gan.condition.size else None))))

    def drawn(self, count: int, seed: int = 0) -> Tensor:
        """Return the points (count, d) of the generator's samples of a seed."""
        return self.points(self.gan.latents(count, seed))

    @cached_property
    def whitening(self) -> Whitening:
        """Mean and covariance of 10,000 of the generator's own points, those of seed 0."""
        return whitening_of(self.drawn(SAMPLES))


def style_generator(network: nn.Module) -> StyleGenerator | None:
    """Return the part of a generator that maps noise to styles, or None."""
    inner = network.generator if isinstance(network, ConditionalGenerator) else network
    return inner if isinstance(inner, StyleGenerator) else None


class _Mapping(nn.Module):
    """(z, c) → w."""

    def __init__(self, whole: nn.Module, style: StyleGenerator) -> None:
        super().__init__()
        self.style = style
        self.embedding = whole.embedding if isinstance(whole, ConditionalGenerator) else None

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        if c is not None and self.embedding is not None:
            z = torch.cat([z, self.embedding(c)], dim=1)
        w: Tensor = self.style.mapping(z)
        return w


class _Synthesis(nn.Module):
    """w → images."""

    def __init__(self, style: StyleGenerator) -> None:
        super().__init__()
        self.style = style

    def forward(self, w: Tensor) -> Tensor:
        return self.style.synthesis(w)


class _Joined(nn.Module):
    """(z, c) → both beside each other."""

    def forward(self, z: Tensor, c: Tensor | None = None) -> Tensor:
        return z if c is None else torch.cat([z, c], dim=1)


class _Apart(nn.Module):
    """Noise with its condition beside it → samples."""

    def __init__(self, network: nn.Module, latent: int, size: int) -> None:
        super().__init__()
        self.network = network
        self.sizes = [latent, size]

    def forward(self, points: Tensor) -> Tensor:
        z, c = torch.split(points, self.sizes, dim=1)
        samples: Tensor = self.network(z, c) if c.shape[1] else self.network(z)
        return samples
