"""A predictor learns what pictures show, says how well, and labels what a generator makes."""

import math

import pytest
import torch
from torch import nn

from gansmith.data.images import Resident, to_range
from gansmith.data.portraits import ATTRIBUTES, draw
from gansmith.errors import GansmithError
from gansmith.latent import Space, learn_predictor, lesson_of, predictor_of
from gansmith.latent.predictor import Predictor, convolutions, held_rows, shifted

SETTINGS = {"shown": 5000, "width": 8}


@pytest.fixture(scope="module")
def portraits():
    return draw(0, range(400), 32)


@pytest.fixture(scope="module")
def predictor(portraits):
    return learn_predictor(*portraits, ATTRIBUTES, **SETTINGS)


def test_it_tells_portraits_that_it_has_not_seen(predictor):
    r2 = dict(zip(ATTRIBUTES, predictor.scores.r2.tolist(), strict=True))
    assert r2["Skin_Tone"] > 0.5 and r2["Blond_Hair"] > 0.3 and max(r2.values()) < 1
    images, attributes = draw(1, range(300), 32)  # other people
    p = predictor.logits(images).sigmoid()
    i = ATTRIBUTES.index("Skin_Tone")
    assert torch.corrcoef(torch.stack([p[:, i], attributes[:, i]]))[0, 1] > 0.75


def test_its_scores_are_those_of_images_it_did_not_learn_from(predictor, portraits):
    images, attributes = portraits
    assert predictor.scores.images == 40
    assert predictor.scores.r2.shape == predictor.scores.accuracy.shape == (len(ATTRIBUTES),)
    noise = torch.rand(attributes.shape, generator=torch.Generator().manual_seed(0)).round()
    lost = learn_predictor(images, noise, ATTRIBUTES, shown=10_000, width=8)
    known = (lost.logits(images).sigmoid() > 0.5) == (noise > 0.5)
    assert known.double().mean() > 0.6  # learnt by heart
    assert abs(lost.scores.accuracy.mean() - 0.5) < 0.07 and lost.scores.r2.mean() < 0


def test_the_same_seed_gives_the_same_bits_and_leaves_the_programs_stream_alone(portraits):
    few = [part[:60] for part in portraits]
    torch.manual_seed(1)
    ahead = torch.rand(3)
    torch.manual_seed(1)
    a, b, c = (learn_predictor(*few, ATTRIBUTES, seed, shown=300, width=4) for seed in (2, 2, 3))
    assert torch.equal(torch.rand(3), ahead)
    assert all(torch.equal(x, y) for x, y in zip(a.parameters(), b.parameters(), strict=True))
    assert torch.equal(a.scores.accuracy, b.scores.accuracy)
    assert not torch.equal(next(a.parameters()), next(c.parameters()))


def test_bytes_and_floats_are_the_same_pictures(predictor, portraits):
    images = portraits[0][:30]
    before = predictor.logits(images)
    torch.testing.assert_close(predictor.logits(to_range(images)), before)
    torch.testing.assert_close(predictor.logits(images, piece=7), before, rtol=1e-4, atol=1e-4)
    assert before.dtype == torch.float32 and not before.requires_grad


def test_it_labels_what_a_generator_makes(untrained):
    gan = untrained("styles")
    images = gan.sample(300)
    bright = (images.mean(dim=(1, 2, 3)) > images.mean()).float()[:, None]
    predictor = learn_predictor(images, bright, ["Bright"], shown=4000, width=8)
    fresh = Space(gan).images(Space(gan).drawn(200, seed=5))
    right = (predictor.logits(fresh)[:, 0] > 0) == (fresh.mean(dim=(1, 2, 3)) > images.mean())
    assert right.double().mean() > 0.85


def test_shifts_move_whole_pictures_by_whole_pixels():
    torch.manual_seed(0)
    images = torch.arange(32 * 32.0).reshape(1, 1, 32, 32).expand(200, 2, 32, 32)
    moved = shifted(images)
    assert moved.shape == images.shape
    inner = (moved - images)[:, :, 2:-2, 2:-2]
    assert (inner == inner[:, :1, :1, :1]).all()  # one shift for all of a picture
    steps = {(int(d) + 66 + 32) // 32 - 3 for d in inner[:, 0, 0, 0]}
    assert steps == {-2, -1, 0, 1, 2}  # up to a sixteenth of the side
    assert set(moved[:, 0, 0, 0].tolist()) <= {float(32 * a + b) for a in range(3) for b in range(3)}  # edges repeat


def test_it_is_learnt_once_for_a_data_set(portraits, monkeypatch):
    images, attributes = (part[:80] for part in portraits)
    data = lesson_of(Resident(images, None, [], "faces", attributes, list(ATTRIBUTES)))
    first = predictor_of(data, shown=200, width=4)
    other = predictor_of(data, seed=1, shown=200, width=4)
    monkeypatch.setattr("gansmith.latent.kept.learn_predictor", None)  # it cannot be learnt again
    again = predictor_of(data, shown=200, width=4)
    assert torch.equal(again.logits(images), first.logits(images)) and not again.training
    assert not torch.equal(again.logits(images), other.logits(images))
    assert again.names == data.names == tuple(ATTRIBUTES)
    torch.testing.assert_close(again.scores, first.scores, equal_nan=True)


def test_what_cannot_be_learnt_from_is_named(portraits, predictor):
    images, attributes = portraits
    with pytest.raises(GansmithError, match=r"are not \(N, C, H, W\) and \(N, 2\)"):
        learn_predictor(images, attributes, ["a", "b"])
    with pytest.raises(GansmithError, match="19 images are too few"):
        learn_predictor(images[:19], attributes[:19], ATTRIBUTES)
    with pytest.raises(GansmithError, match="must be in"):
        learn_predictor(images, attributes * 3, ATTRIBUTES)
    with pytest.raises(GansmithError, match="as it learnt them"):
        predictor.logits(images[:, :1])


@pytest.mark.parametrize(("height", "width"), [(4, 4), (8, 32), (32, 8), (12, 40), (5, 5), (33, 20)])
@pytest.mark.parametrize("pooled", [False, True])
def test_pictures_are_halved_until_their_longer_side_is_4(height, width, pooled):
    layers, features = convolutions((3, height, width), 2, pooled)
    maps = nn.Sequential(*layers).eval()(torch.zeros(2, 3, height, width))
    assert maps[0].numel() == features and max(maps.shape[2:]) in (3, 4)
    sums = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    stages = math.ceil(math.log2(max(height, width) / 4))
    assert [layer.out_channels for layer in sums] == [min(2 * 2**i, 16) for i in range(stages)]
    assert [layer.stride[0] for layer in sums] == [2 if not pooled or i == 0 else 1 for i in range(stages)]
    assert sum(isinstance(layer, nn.AvgPool2d) for layer in layers) == (max(0, stages - 1) if pooled else 0)
    network = Predictor((3, height, width), ["a", "b"], 2, 6, pooled)
    assert network(torch.zeros(2, 3, height, width)).shape == (2, 2) and bool(network.pooled) is pooled


@pytest.mark.parametrize(("height", "width", "most"), [(8, 64, 4), (64, 8, 4), (8, 8, 1), (31, 31, 1), (48, 20, 3)])
def test_shifts_reach_a_sixteenth_of_the_longer_side(height, width, most):
    torch.manual_seed(0)
    images = (torch.arange(height)[:, None] * 1000.0 + torch.arange(width)).expand(500, 1, height, width)
    moved = shifted(images)
    place = moved[:, 0, height // 2, width // 2]
    steps = torch.stack([(place / 1000).floor() - height // 2, place % 1000 - width // 2])
    for way, side in zip(steps, (height, width), strict=True):
        reach = min(most, side // 2)  # in a narrow picture the edge is met before
        assert way.min() == -reach and way.max() == min(most, side - 1 - side // 2)


@pytest.mark.parametrize(("count", "held"), [(20, 2), (29, 2), (400, 40), (19_990, 1999), (30_000, 2000)])
def test_the_same_tenth_is_held_out_whoever_learns(count, held):
    out, rows = held_rows(count)
    assert len(out) == held and torch.equal(torch.cat([out, rows]).sort().values, torch.arange(count))
    torch.manual_seed(5)
    again, _ = held_rows(count)
    assert torch.equal(out, again) and not torch.equal(out, torch.arange(held))
