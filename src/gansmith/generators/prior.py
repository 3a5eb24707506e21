"""What a generator makes samples from: noise, and codes that are drawn like noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from gansmith.settings import Count, Index, Kind, Positive, Range

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True)
class Prior:
    """Noise z, and InfoGAN's codes beside it."""

    latent: Count = 100
    """Dimensions of the noise z."""
    noise: Literal["normal", "uniform"] = "normal"
    """z ~ N(0, scale²) or U[-scale, scale]."""
    noise_scale: Positive = 1.0
    """Scale of the noise."""
    categorical_codes: Index = 0
    """Categorical codes the generator gets with its noise (InfoGAN)."""
    categories: Annotated[int, Range(least=2)] = 10
    """Categories of each categorical code."""
    continuous_codes: Index = 0
    """Continuous codes, U[-1, 1], the generator gets with its noise (InfoGAN)."""

    def draw(self, count: int, rng: torch.Generator, truncation: float = 1.0) -> Tensor:
        """Return z, (count, latent).

        Args:
            truncation: below 1, normal noise is redrawn until it lies within 2 · truncation standard deviations (Brock
                et al. 2019, arXiv 1809.11096), uniform noise is drawn from the inner fraction of its range: less
                variety, more typical samples.
        """
        import torch

        shape = (count, self.latent)
        if self.noise == "uniform":
            reach = self.noise_scale * truncation
            return torch.rand(shape, generator=rng, device=rng.device) * (2 * reach) - reach
        if truncation < 1:
            z = torch.empty(shape, device=rng.device)
            torch.nn.init.trunc_normal_(z, a=-2 * truncation, b=2 * truncation, generator=rng)
            return z * self.noise_scale
        return torch.randn(shape, generator=rng, device=rng.device) * self.noise_scale


PRIORS = Kind("prior", "draw", {"prior": Prior})
