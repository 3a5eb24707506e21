"""A discriminator of what another network sees in samples.

Sauer, Chitta, Müller, Geiger 2021, "Projected GANs converge faster", arXiv 2111.01007.
"""

from __future__ import annotations

from torch import Tensor, nn

from gansmith.networks.mlp import MLPDiscriminator
from gansmith.networks.output import DiscriminatorOutput

HIDDEN, LAYERS = 256, 2


class ProjectedDiscriminator(nn.Module):
    """x (N, C, H, W) → C(f(x)), (N,), and f(x) as features; f learns nothing and stays in evaluation mode.

    Args:
        reader: f, samples → (N, numbers).
        numbers: of its features.
    """

    def __init__(self, reader: nn.Module, numbers: int) -> None:
        super().__init__()
        self.reader = reader.requires_grad_(False)
        self.critic = MLPDiscriminator((numbers,), HIDDEN, LAYERS)
        self.feature_count = numbers
        self.train()

    def train(self, mode: bool = True) -> ProjectedDiscriminator:
        super().train(mode)
        self.reader.eval()
        return self

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        features = self.reader(x)
        return DiscriminatorOutput(self.critic(features).logits, features)
