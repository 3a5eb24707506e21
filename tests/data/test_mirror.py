"""Mirrored images: half of them, by seed and place alone, in training and not in measuring."""

import dataclasses

import numpy as np
import pytest
import torch

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.data.dataset import REFERENCE_SEED, first
from gansmith.data.memory import from_memory
from gansmith.data.mirror import COINS, mirrored
from gansmith.errors import GansmithError

CPU = torch.device("cpu")


@pytest.fixture
def sets(folder):
    """The same kind of images resident, streamed and stacked, each with and without its mirror."""
    sources = {
        "resident": Source(str(folder)),
        "streamed": Source(str(folder), resident_limit=0, workers=0),
        "stacked": Source("stacked:digits", image_size=8),
        "digits": Source("digits", image_size=8),
    }
    return {k: (open_dataset(s), open_dataset(dataclasses.replace(s, flip=True))) for k, s in sources.items()}


def batch(data, size, seed=3, start=0):
    return next(data.batches(size, seed, start, CPU))


@pytest.mark.parametrize("kind", ["resident", "streamed", "stacked", "digits"])
def test_half_of_the_images_are_mirrored_and_nothing_else_changes(sets, kind):
    plain, flipped = sets[kind]
    one, other = batch(plain, 600), batch(flipped, 600)
    same = (one.x == other.x).flatten(1).all(1)
    turned = (one.x.flip(3) == other.x).flatten(1).all(1)
    assert (same | turned).all() and 240 < int(turned.sum()) < 360 and 240 < int(same.sum()) < 360
    assert torch.equal(one.labels, other.labels) and plain.shape == flipped.shape and plain.count == flipped.count
    assert flipped.description == f"{plain.description}, mirrored at random"


@pytest.mark.parametrize("kind", ["resident", "streamed", "digits"])
def test_whether_one_is_depends_on_seed_and_place_alone(sets, kind):
    _, flipped = sets[kind]
    whole = batch(flipped, 60).x
    batches = flipped.batches(12, 3, 1, CPU)  # as after an interruption, and in smaller minibatches
    assert torch.equal(torch.cat([next(batches).x for _ in range(4)]), whole[12:])
    assert not torch.equal(batch(flipped, 60, seed=4).x, whole)


def test_coins_go_on_from_block_to_block():
    x = torch.arange(4.0).reshape(1, 1, 1, 4).expand(3 * COINS, 1, 1, 4)
    whole = mirrored(x, 5, 0)
    for place, size in ((COINS - 1, 2), (COINS - 7, COINS + 20), (2 * COINS, COINS), (17, 1)):
        assert torch.equal(mirrored(x[:size], 5, place), whole[place : place + size])
    share = (whole[:, 0, 0, 0] == 3).float().reshape(3, -1).mean(1)
    assert ((share > 0.43) & (share < 0.57)).all() and len(set(share.tolist())) == 3


def test_images_are_measured_against_as_they_are(sets):
    for plain, flipped in sets.values():
        one, other = batch(plain, 40, REFERENCE_SEED), batch(flipped, 40, REFERENCE_SEED)
        assert torch.equal(one.x, other.x)
    plain, flipped = sets["digits"]
    assert all(torch.equal(a.x, b.x) for a, b in zip(first(plain, 700), first(flipped, 700), strict=True))


def test_a_run_with_its_mirror_goes_on_exactly_and_differs_from_one_without(tmp_path):
    tiny = {"batch": 12, "width": 4, "latent": 5, "image_size": 8, "evaluate_every": 0, "quiet": True}
    recipe = {k: v for k, v in tiny.items() if k != "quiet"}
    whole = gansmith.train("dcgan", steps=6, flip=True, **tiny)
    gansmith.train(gansmith.recipe("dcgan", steps=3, flip=True, **recipe), tmp_path / "run", quiet=True)
    resumed = gansmith.resume(tmp_path / "run", steps=6, quiet=True)
    assert torch.equal(whole.sample(5), resumed.sample(5))
    assert not torch.equal(whole.sample(5), gansmith.train("dcgan", steps=6, **tiny).sample(5))
    one, other = (
        gansmith.evaluate(tmp_path / "run", data=data, samples=60, features="raw") for data in (None, "digits")
    )
    assert one.metrics == other.metrics  # whoever measures it, by the run's settings or by name


def test_what_has_no_left_and_right_is_one_line():
    with pytest.raises(GansmithError, match="--flip: 8 Gaussians on a ring are vectors, and only images can be"):
        open_dataset(Source("ring", flip=True))
    with pytest.raises(GansmithError, match="--flip: data: 9 vectors of 2 numbers are vectors"):
        from_memory(torch.zeros(9, 2), None, Source("data", flip=True))

    class Own:
        shape, description = (1, 8, 8), "own"

        def batches(self, size, seed, start, device):
            yield None

    with pytest.raises(GansmithError, match="--flip: data that bring their own minibatches mirror them themselves"):
        from_memory(Own(), None, Source("data", flip=True))


def test_data_given_in_python_are_mirrored_and_stay_whole():
    images = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (50, 6, 6), dtype=np.uint8))
    plain = from_memory(images)
    for data in (images, plain):
        flipped = from_memory(data, None, Source("data", flip=True))
        assert not torch.equal(batch(flipped, 50).x, batch(plain, 50).x)
    assert not plain.flip
