"""Measures of nearness: what each sees, and that each is 1 between random samples."""

import dataclasses

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.latent import Coordinates, Space, nearness
from gansmith.latent.measures import features_of, of_discriminator, pyramid
from gansmith.networks.output import DiscriminatorOutput


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(192, 5)

    def forward(self, x):
        features = self.layer(x.flatten(1))
        return DiscriminatorOutput(features.sum(dim=1), features)


@pytest.fixture
def coordinates(untrained):
    torch.manual_seed(1)
    judge = Judge()
    return Coordinates(Space(dataclasses.replace(untrained("styles"), opponent=lambda: judge)))


@pytest.fixture
def samples(coordinates):
    return coordinates.space.images(coordinates.space.drawn(400, seed=9))


@pytest.mark.parametrize(
    "names", [["pixels"], ["pyramid"], ["discriminator"], ["pixels", "own"], ["pyramid", "pixels"]]
)
def test_it_is_nothing_of_the_same_and_1_between_random_samples(coordinates, samples, names):
    near = nearness(names, coordinates, {"own": features_of(Judge())})
    assert near.names == tuple(names) and near.distance(samples, samples).abs().max() == 0
    apart = near.distance(samples[:200], samples[200:])
    assert apart.shape == (200,) and 0.7 < apart.mean() < 1.4


def test_pixels_are_the_mean_square(coordinates, samples):
    near = nearness(["pixels"], coordinates)
    a, b = samples[:2], samples[2:4]
    ratio = near.distance(a, b) / (a - b).square().mean(dim=(1, 2, 3))
    torch.testing.assert_close(ratio[0], ratio[1])
    assert near.distance(a[:1], b[:1]).item() == pytest.approx(near.distance(a, b)[0].item())


def test_a_pyramid_halves_its_scales():
    x = torch.rand(2, 3, 16, 16)
    scales = pyramid(x)
    assert [s.shape[2] for s in scales] == [16, 8, 4, 2]
    torch.testing.assert_close(scales[-1].mean(dim=(2, 3)), x.mean(dim=(2, 3)))


def test_a_shift_of_light_weighs_more_in_a_pyramid_than_noise_does(coordinates, samples):
    near = nearness(["pyramid"], coordinates)
    x, noise = samples[:20], torch.randn(20, 3, 8, 8)
    assert near.distance(x, x + 1).mean() > 2 * near.distance(x, x + noise).mean()


def test_what_is_not_to_be_had_is_named(coordinates, untrained):
    with pytest.raises(GansmithError, match="unknown measure of nearness 'pixel': did you mean 'pixels'"):
        nearness(["pixel"], coordinates)
    with pytest.raises(GansmithError, match="name a measure at least"):
        nearness([], coordinates)
    alone = Coordinates(Space(untrained("styles")))
    with pytest.raises(GansmithError, match="is a generator alone"):
        nearness(["discriminator"], alone)


@pytest.mark.parametrize("network", [nn.Bilinear(3, 3, 1), nn.Sequential(nn.Flatten(), nn.Linear(192, 1))])
def test_a_discriminator_that_tells_nothing_of_a_picture_alone_is_named(untrained, network):
    gan = dataclasses.replace(untrained("styles"), opponent=lambda: network)
    with pytest.raises(GansmithError, match=r"the discriminator of .* use --near pyramid"):
        of_discriminator(gan)
