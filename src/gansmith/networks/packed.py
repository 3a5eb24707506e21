"""A discriminator that judges several samples at once."""

from __future__ import annotations

from torch import Tensor, nn

from gansmith.errors import GansmithError
from gansmith.networks.output import DiscriminatorOutput


class Packed(nn.Module):
    """D(x₁, …, x_m): a discriminator that is given m samples, all real or all fake, as if they were one.

    A collapsed generator gives itself away by packs of samples that are too alike.

    x (N, C, H, W) or (N, D) → m consecutive samples joined along dim 1, (N/m, m C, H, W) or (N/m, m D) → what the
    inner discriminator says of them, scores (N/m,).

    Args:
        discriminator: built for samples of m times the channels or features.
        pack: m; with 1 the inner discriminator itself.

    Raises:
        GansmithError: N is not a multiple of m.

    Lin et al. 2018, "PacGAN: the power of two samples in generative adversarial networks", arXiv 1712.04086.

    >>> import torch
    >>> Packed(nn.Identity(), pack=2)(torch.tensor([[1.0], [2.0], [3.0], [4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """

    def __init__(self, discriminator: nn.Module, pack: int) -> None:
        super().__init__()
        self.discriminator = discriminator
        self.pack = pack

    def forward(self, x: Tensor) -> Tensor | DiscriminatorOutput:
        n, channels = x.shape[:2]
        if n % self.pack:
            raise GansmithError(
                f"a batch of {n} cannot be split into packs of {self.pack}: use --batch a multiple of {self.pack}"
            )
        judged: Tensor | DiscriminatorOutput = self.discriminator(x.reshape(-1, self.pack * channels, *x.shape[2:]))
        return judged
