"""Spectra in closed form."""

import math

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.metrics.spectrum import spectrum, upper_energy
from gansmith.objectives.showing import shrunk

PLACE = torch.arange(32, dtype=torch.float64) * 2 * math.pi / 32


@pytest.mark.parametrize("cycles", [1, 5, 8, 9, 15, 16])
def test_a_wave_is_in_its_band(cycles):
    """The mean square of a wave of height 0.8 is 0.32, or 0.64 where it changes sign from pixel to pixel."""
    wave = 0.8 * torch.cos(cycles * PLACE).expand(2, 3, 32, 32)
    for x in (wave, wave.transpose(2, 3), wave + 0.5):
        energy = spectrum(x)
        assert energy.shape == (16,)
        assert energy[cycles - 1].item() == pytest.approx(0.64 if cycles == 16 else 0.32)
        assert energy.sum().item() == pytest.approx(energy[cycles - 1].item())
        assert upper_energy(x) == pytest.approx(energy[cycles - 1].item() if cycles > 8 else 0, abs=1e-12)


def test_bands_add_up_to_the_variance_within_pictures():
    """Of noise without its corners; those hold the rest."""
    x = torch.randn(400, 1, 16, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    cycles = torch.fft.fftfreq(16, 1 / 16)
    radius = (cycles[:, None] ** 2 + cycles**2).sqrt()
    inside = ((radius > 0.5) & (radius <= 8.5)).double().mean().item()  # of white noise, each frequency has the same
    assert float(spectrum(x).sum()) == pytest.approx(inside * float(x.var()), rel=0.02)


def test_blur_takes_the_upper_half():
    x = torch.rand(20, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    blurred = shrunk(x, 4).repeat_interleave(4, 2).repeat_interleave(4, 3)
    assert upper_energy(blurred) < upper_energy(x) / 10
    assert upper_energy(2 * x) == pytest.approx(4 * upper_energy(x), rel=1e-6)


@pytest.mark.parametrize("shape", [(3, 8, 8), (2, 3, 8, 6), (0, 3, 8, 8)])
def test_other_shapes_are_named(shape):
    with pytest.raises(GansmithError, match="spectrum: pictures of shape"):
        spectrum(torch.zeros(shape))
