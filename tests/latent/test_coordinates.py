"""Coordinates lead to the pictures of their points, with gradients and valid conditions."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.generators import Prior, TrainedGenerator, Vocabulary
from gansmith.generators.vocabulary import layout
from gansmith.latent import Coordinates, Space
from gansmith.networks import MLP, Conditioning
from gansmith.networks.build import build_generator

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


def test_own_samples_are_not_strange_and_styles_the_mapping_does_not_make_are(untrained):
    coordinates = Coordinates(Space(untrained("styles")))
    w = coordinates.space.drawn(10_000)
    strange = coordinates.strangeness(coordinates.of(w))
    assert strange.mean().item() == pytest.approx(1, rel=0.01)
    off = torch.where(w[:50] < 0, 10 * w[:50], w[:50])  # as the mapping's leaky ReLU would let through of much less
    u = coordinates.of(off)
    assert coordinates.strangeness(u).median() > 100 * u.square().mean(dim=1).median()
    noise = Coordinates(Space(untrained("images")))
    u = noise.of(noise.space.drawn(5))
    torch.testing.assert_close(noise.strangeness(u), u.square().mean(dim=1))


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


@pytest.fixture
def codes():
    """A generator with a label, two categories and two continuous codes."""
    prior = Prior(4, categorical_codes=2, categories=3, continuous_codes=2)
    conditioning, words = Conditioning("labels", embedding=0), Vocabulary(("ant", "bee"), (0.5, 0.5))
    condition = layout(conditioning, prior, words)
    torch.manual_seed(0)
    network = build_generator(MLP(8), prior.latent, (1, 8, 8), condition, conditioning)
    return TrainedGenerator(network.eval(), (1, 8, 8), prior, conditioning, words)


def test_codes_are_valid_wherever_coordinates_lie(codes):
    """Labels and categories are the nearest one, continuous codes end at −1 and 1; both ends are reached."""
    coordinates = Coordinates(Space(codes))
    own = coordinates.space.drawn(40)
    torch.testing.assert_close(coordinates.conditions(coordinates.of(own)), own[:, 4:], atol=1e-4, rtol=0)
    far = coordinates.of(own) * 4
    asked = coordinates.conditions(far)
    parts = codes.condition.split(asked)
    for one in (parts.labels, *parts.categorical):
        assert ((one == 0) | (one == 1)).all() and (one.sum(dim=1) == 1).all()
    raw = (coordinates.mean + far @ coordinates.root)[:, -2:]
    assert torch.equal(parts.continuous, raw.clamp(-1, 1)) and (raw > 1.5).any() and (raw < -1.5).any()
    points = coordinates.points(far, asked)
    torch.testing.assert_close(points[:, 4:], asked, atol=1e-5, rtol=0)
    other = coordinates.points(coordinates.of(own), asked)  # what is chosen is kept, what is between goes with it
    assert torch.equal(other[:, 4:-2], asked[:, :-2])
    torch.testing.assert_close(other[:, -2:], own[:, -2:], atol=1e-4, rtol=0)


def test_points_without_conditions_ask_for_nothing(untrained):
    for kind in ("images", "styles", "styles of attributes"):
        coordinates = Coordinates(Space(untrained(kind)))
        assert coordinates.conditions(torch.zeros(2, coordinates.size)) is None


def test_a_person_as_far_from_the_mean_as_a_sample_has_those_nearer(untrained):
    coordinates = Coordinates(Space(untrained("images")))
    norms = coordinates.norms
    assert len(norms) == 10_000 and (norms.diff() >= 0).all()
    u = torch.zeros(1, coordinates.size)
    for k in (0, 17, 9999):
        u[0, 0] = norms[k]
        assert coordinates.rarity(u).item() == pytest.approx(k / 10_000, abs=2e-4)
