"""Noise has the distribution that its settings name, whole and truncated."""

import pytest
import torch

from gansmith.generators import Prior


def drawn(prior, truncation=1.0, seed=0):
    return prior.draw(4000, torch.Generator().manual_seed(seed), truncation)


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_normal_noise_is_redrawn_within_twice_the_truncation(scale):
    whole = drawn(Prior(5, noise_scale=scale))
    assert whole.shape == (4000, 5) and float(whole.std()) == pytest.approx(scale, rel=0.03)
    assert whole.abs().max() > 3 * scale and abs(float(whole.mean())) < 0.05 * scale
    half = drawn(Prior(5, noise_scale=scale), 0.5)
    assert half.shape == (4000, 5) and 0.98 * scale < half.abs().max() <= scale
    assert abs(float(half.mean())) < 0.03 * scale and half.min() < -0.98 * scale
    assert float(half.std()) == pytest.approx(0.54 * scale, rel=0.03)  # of a normal number within one deviation
    torch.testing.assert_close(whole, scale * drawn(Prior(5)))


@pytest.mark.parametrize("scale", [1.0, 2.5])
@pytest.mark.parametrize("truncation", [1.0, 0.4])
def test_uniform_noise_is_drawn_from_the_inner_part_of_its_range(scale, truncation):
    z, reach = drawn(Prior(5, noise="uniform", noise_scale=scale), truncation), scale * truncation
    assert -reach <= z.min() < -0.99 * reach and 0.99 * reach < z.max() <= reach
    assert float(z.std()) == pytest.approx(reach / 3**0.5, rel=0.03)


def test_a_seed_decides_it():
    for prior in (Prior(3), Prior(3, noise="uniform")):
        for truncation in (1.0, 0.5):
            assert torch.equal(drawn(prior, truncation), drawn(prior, truncation))
            assert not torch.equal(drawn(prior, truncation), drawn(prior, truncation, 1))
