"""Points of a latent space make the samples that their latents make, whatever the generator is."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.generators.rest import at_rest
from gansmith.latent import Space

SIZES = {"vectors": 3, "images": 5, "labels": 8, "attributes": 7, "styles": 6, "styles of attributes": 6}


def test_points_make_the_samples_of_their_latents_bit_for_bit(untrained, kind):
    gan = untrained(kind)
    space = Space(gan)
    latents = gan.latents(300, seed=4)  # more than one piece
    points = space.points(latents)
    assert points.shape == (300, SIZES[kind]) and space.size == SIZES[kind]
    assert space.name == ("w" if "styles" in kind else "z") and points.dtype == torch.float32
    made = space.images(points)
    assert torch.equal(made, torch.cat(list(gan.make(latents))))
    assert made.var(dim=0).mean() > 1e-6
    assert torch.equal(space.drawn(300, seed=4), points) and not torch.equal(space.drawn(300), points)


def test_styles_are_truncated_as_samples_are(untrained):
    gan = untrained("styles")
    space = Space(gan)
    latents = gan.latents(20)
    whole, half = space.points(latents), space.points(latents, truncation=0.5)
    mean = gan.generator.mapping.running_mean
    torch.testing.assert_close(half, mean + (whole - mean) / 2)
    assert torch.equal(space.images(half), gan.sample(20, truncation=0.5))


def test_the_condition_of_a_styled_generator_goes_into_its_points(untrained):
    gan = untrained("styles of attributes")
    space = Space(gan)
    latents = gan.latents(8)
    young = latents._replace(c=torch.ones_like(latents.c))
    assert (space.points(latents) - space.points(young)).abs().max() > 0.01


def test_a_generator_is_at_rest_meanwhile_and_then_as_it_was(untrained, kind):
    gan = untrained(kind)
    at_work = [layer.train() for layer in gan.generator.modules()]
    space = Space(gan)
    before = [buffer.clone() for buffer in gan.generator.buffers()]
    points = space.drawn(10)
    samples = space.images(points)
    assert all(layer.training for layer in at_work)
    assert all(torch.equal(a, b) for a, b in zip(before, gan.generator.buffers(), strict=True))
    with at_rest(gan.generator):
        assert torch.equal(space.images(points), samples)


def test_a_cast_generator_is_steered_in_float32(untrained, kind):
    gan = untrained(kind)
    space = Space(gan)
    points = space.drawn(9)
    samples = space.images(points)
    gan.generator.to(torch.double)
    again = space.images(space.drawn(9))
    assert space.drawn(9).dtype == again.dtype == torch.float32
    torch.testing.assert_close(again, samples, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("shape", [(4, 5), (6,), (0, 6)])
def test_points_of_another_space_are_named(untrained, shape):
    with pytest.raises(GansmithError, match=r"are not \(N, 6\), which w has"):
        Space(untrained("styles")).images(torch.zeros(shape))


def test_whitened_points_of_the_space_itself(untrained, kind):
    space = Space(untrained(kind))
    u = space.whitening.whitened(space.drawn(10_000)).double()
    torch.testing.assert_close(u.T.cov(), torch.eye(space.whitening.rank, dtype=u.dtype), rtol=0, atol=1e-4)
    assert space.whitening.rank <= space.size - (kind == "labels")  # one-hot labels sum to 1
