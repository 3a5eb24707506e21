"""A discriminator that reconstructs: its error is an energy, low on the data."""

from __future__ import annotations

from torch import Tensor, nn

from gansmith.networks.output import DiscriminatorOutput


class EnergyDiscriminator(nn.Module):
    """Score = −E(x), E(x) = mean squared error of Dec(Enc(x)); the code Enc(x) is the features.

    The error is averaged over the elements of x, so that one margin serves every size.

    Args:
        encoder: maps x (N, *shape) to a code (N, F).
        decoder: maps a code to (N, *shape).
        feature_count: F.

    Zhao, Mathieu, LeCun 2017, "Energy-based generative adversarial network", arXiv 1609.03126.
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module, feature_count: int) -> None:
        super().__init__()
        self.feature_count = feature_count
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x: Tensor) -> DiscriminatorOutput:
        code = self.encoder(x)
        return DiscriminatorOutput(-(self.decoder(code) - x).square().flatten(1).mean(1), code)
