"""Fourier features are the sines and cosines of fixed random directions, and a discriminator sees them beside x."""

import math

import pytest
import torch

from gansmith.networks.families import Fourier
from gansmith.networks.fourier import FourierFeatures


def test_their_products_are_the_kernel_they_approximate():
    """E cos 2πB(x − y) = exp(−2π² σ² ‖x − y‖²) for B ~ N(0, σ²)."""
    torch.manual_seed(0)
    features = FourierFeatures(2, 20_000, bandwidth=0.4)
    x, y = torch.tensor([[0.1, 0.2]]), torch.tensor([[0.5, -0.1]])
    product = float((features(x) * features(y)).sum() / 20_000)
    assert product == pytest.approx(math.exp(-2 * math.pi**2 * 0.4**2 * 0.25), abs=0.02)
    assert float(features(x).square().sum() / 20_000) == pytest.approx(1, abs=1e-5)


def test_every_setting_shapes_the_discriminator():
    def parameters(family):
        return [tuple(p.shape) for p in family.discriminator((2,)).parameters()]

    usual = parameters(Fourier(8, frequencies=3))
    assert usual[0] == (8, 2 + 2 * 3)
    assert parameters(Fourier(8, frequencies=4)) != usual and parameters(Fourier(9, frequencies=3)) != usual
    assert parameters(Fourier(8, discriminator_layers=2, frequencies=3)) != usual
    torch.manual_seed(0)
    narrow = Fourier(8, frequencies=3, bandwidth=1.0).discriminator((2,)).fourier.frequencies
    torch.manual_seed(0)
    wide = Fourier(8, frequencies=3, bandwidth=2.0).discriminator((2,)).fourier.frequencies
    torch.testing.assert_close(wide, 2 * narrow)
    discriminator = Fourier(8, frequencies=3).discriminator((2,))
    assert "fourier.frequencies" in discriminator.state_dict()
    assert "fourier.frequencies" not in dict(discriminator.named_parameters())  # and so is nobody's to move
    output = discriminator(torch.randn(5, 2))
    assert output.logits.shape == (5,) and output.features.shape == (5, discriminator.feature_count)
