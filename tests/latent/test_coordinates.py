"""Coordinates lead to the pictures of their points, with gradients and valid conditions."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent import Coordinates, Space

PICTURES = ["images", "labels", "attributes", "styles", "styles of attributes"]


@pytest.fixture(params=PICTURES)
def coordinates(request, untrained):
    return Coordinates(Space(untrained(request.param)))


def test_the_coordinates_of_samples_lead_to_these_samples(coordinates):
    points = coordinates.space.drawn(20)
    u = coordinates.of(points)
    assert u.shape == (20, coordinates.size)
    torch.testing.assert_close(coordinates.points(u), points, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(coordinates.pictures(u), coordinates.space.images(points), rtol=1e-3, atol=1e-3)


def test_they_have_mean_0_and_covariance_1_and_a_gradient(coordinates):
    u = coordinates.of(coordinates.space.drawn(10_000))
    torch.testing.assert_close(u.mean(dim=0), torch.zeros(coordinates.size), atol=1e-3, rtol=0)
    torch.testing.assert_close(torch.cov(u.T), torch.eye(coordinates.size), atol=1e-2, rtol=0)
    at = u[:2].clone().requires_grad_(True)
    coordinates.pictures(at).square().sum().backward()
    assert at.grad.abs().max() > 0


def test_rarity_is_the_share_of_samples_nearer_to_the_mean(coordinates):
    u = coordinates.of(coordinates.space.drawn(10_000))
    shares = coordinates.rarity(u)
    assert shares.mean() == pytest.approx(0.5, abs=0.01)
    assert coordinates.rarity(torch.zeros(1, coordinates.size)).item() == 0
    assert coordinates.rarity(u[:1] * 1000).item() == 1


@pytest.mark.parametrize(("kind", "size"), [("labels", 3), ("attributes", 2)])
def test_conditions_are_read_and_stay_valid(untrained, kind, size):
    coordinates = Coordinates(Space(untrained(kind)))
    points = coordinates.space.drawn(30)
    u = coordinates.of(points)
    asked = coordinates.conditions(u)
    torch.testing.assert_close(asked, points[:, -size:], atol=1e-4, rtol=0)
    other = coordinates.of(coordinates.space.drawn(30, seed=5)) * 3
    moved = coordinates.points(other, asked)[:, -size:]
    if kind == "labels":  # one of several: there is no way between
        assert torch.equal(moved, asked)
    else:
        assert moved.min() >= 0 and moved.max() <= 1 and not torch.equal(moved, asked)


def test_noise_of_a_generator_of_styles_can_be_asked_for_too(untrained):
    gan = untrained("styles")
    coordinates = Coordinates(Space(gan, styles=False))
    assert coordinates.space.name == "z" and coordinates.size == 5
    z = gan.latents(4).z
    torch.testing.assert_close(coordinates.pictures(coordinates.of(z)), gan.sample(4), rtol=1e-3, atol=1e-3)


def test_vectors_have_no_pictures(untrained):
    with pytest.raises(GansmithError, match="makes vectors: it has no pictures"):
        Coordinates(Space(untrained("vectors")))
