"""Frames of walks are samples: of their stops, of what is asked for, and more typical where they are truncated."""

import pytest
import torch

from gansmith.generators.request import ConditionRequest
from gansmith.latent.walks import traversals
from gansmith.latent.walks.walking import around, between

KINDS = ["images", "styles", "labels"]


def same(a, b):
    torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("truncation", [1.0, 0.5])
@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_between_seeds_meets_their_samples(untrained, kind, truncation):
    gan = untrained(kind)
    frames, closed = (between(gan, [3, 8], 4, closed, truncation) for closed in (False, True))
    stops = gan.sample(seed=[3, 8], truncation=truncation)
    assert len(frames) == 5 and len(closed) == 8
    same(frames[[0, 4]], stops)
    same(closed[[0, 4]], stops)
    same(closed[5], closed[3])  # the way back is the way there


@pytest.mark.parametrize("kind", KINDS)
def test_a_walk_without_an_end_draws_in_toward_the_typical(untrained, kind):
    gan = untrained(kind)
    whole, half = (around(gan, 12, 1, truncation) for truncation in (1.0, 0.4))
    assert whole.shape == (12, 3, 8, 8)
    assert half.var(dim=0).mean() < 0.75 * whole.var(dim=0).mean()
    assert not torch.equal(around(gan, 12, 2), whole)


def test_all_frames_are_of_what_is_asked_for(untrained):
    gan = untrained("labels")
    asked = [ConditionRequest(labels=name) for name in ("ant", "fox")]
    ants, foxes = (between(gan, [1, 2], 2, request=one) for one in asked)
    same(ants[0], gan.sample(seed=[1], labels="ant")[0])
    assert not torch.allclose(ants, foxes)
    ants, foxes = (around(gan, 3, 0, request=one) for one in asked)
    assert not torch.allclose(ants, foxes)


@pytest.mark.parametrize("which", ["z", "w"])
def test_the_person_whose_coordinates_move_is_truncated(untrained, with_directions, which):
    gan = with_directions(untrained("styles"))
    found = [traversals.traversed(gan, which, count=2, columns=3, truncation=t) for t in (1.0, 0.3)]
    assert found[0].names == found[1].names and torch.equal(found[0].moved, found[1].moved)
    assert found[0].numbers == found[1].numbers
    assert not torch.allclose(found[0].pictures, found[1].pictures)
