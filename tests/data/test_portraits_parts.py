"""Every part of a portrait is painted within its own box, and its box holds little more than what is painted."""

import functools

import numpy as np
import pytest
import torch

from gansmith.data.portraits import drawing
from gansmith.data.portraits.canvas import RISE, VIEW, Frame, blob, ellipse, ramp, smooth_max, wave
from gansmith.data.portraits.chance import Chance
from gansmith.data.portraits.people import People
from gansmith.data.portraits.traits import traits

PARTS = ("neck", "clothes", "ears", "head", "age", "nose", "beard", "mouth", "eyes", "brows", "hat", "glasses")
PARTS = (*PARTS, "earrings")
SIDE, PEOPLE = 32, 1000
PIXEL = 2 * VIEW / SIDE
CUT, SPARE = 0.11, 0.25  # in half sides: what a box may cut off softly, and leave free


@pytest.fixture(scope="module")
def seen():
    """Return by part the box that it asks for, and where any of many portraits changes as it is painted."""
    boxes, changed = {}, {}
    with pytest.MonkeyPatch.context() as patch:
        now = []

        def whole(frame, top, bottom, left=-1.0, right=1.0):
            boxes[now[-1]] = (top, bottom, left, right)
            return slice(None), slice(0, frame.size), slice(0, frame.size)

        def watched(part, frame, canvas, *more, paint):
            now.append(part)
            before = canvas.clone()
            paint(frame, canvas, *more)
            apart = (canvas - before).abs().amax(dim=1) > 1 / 255
            changed[part] = changed.get(part, torch.zeros(SIDE, SIDE, dtype=torch.bool)) | apart.any(dim=0)

        patch.setattr(Frame, "box", whole)
        for part in PARTS:
            patch.setattr(drawing, part, functools.partial(watched, part, paint=getattr(drawing, part)))
        chance = Chance(0, np.arange(PEOPLE))
        look = traits(People(chance), chance)
        for start in range(0, PEOPLE, 100):
            drawing.render(look.rows(slice(start, start + 100)), SIDE)
    return boxes, changed


def test_a_box_holds_what_is_painted_and_little_more(seen):
    for part in PARTS:
        check_box(seen[0][part], seen[1][part])


def check_box(box, here):
    ends = [lines.nonzero()[:, 0] for lines in (here.any(dim=1), here.any(dim=0))]
    painted = [at for line in ends for at in (int(line[0]) * PIXEL - VIEW, (int(line[-1]) + 1) * PIXEL - VIEW)]
    painted = [painted[0] - RISE, painted[1] - RISE, painted[2], painted[3]]
    edges = [max(-VIEW - RISE, min(VIEW - RISE, edge)) for edge in box[:2]]
    edges += [max(-VIEW, min(VIEW, edge)) for edge in box[2:]]
    for edge, end, sign in zip(edges, painted, (-1, 1, -1, 1), strict=True):
        assert -CUT < sign * (edge - end) < SPARE, (edge, end)


def test_a_box_is_all_pixels_between_its_edges():
    look = traits(People(Chance(0, np.arange(1))), Chance(0, np.arange(1)))
    for size in (16, 45, 64):
        frame = Frame(look, size)
        _, rows, columns = frame.box(-0.4, 0.3, -0.5, 0.2)
        for at, picked, low, high in ((frame.y, rows, -0.4, 0.3), (frame.x, columns, -0.5, 0.2)):
            at, pixel = at.flatten(), 2 * VIEW / size
            assert picked.start == 0 or (at[picked.start - 1] <= low and at[picked][0] > low - pixel)
            assert at[picked][-1] < high + pixel and at[picked.stop] > high
        assert frame.box(-9, 9, -9, 9)[1:] == (slice(0, size), slice(0, size))


def test_shapes_and_ramps_are_what_their_names_say():
    x, y = (torch.linspace(-2, 2, 401)[:, None].expand(401, 401), torch.linspace(-2, 2, 401)[None].expand(401, 401))
    inside = ellipse(x, y, 0.5, 1.5) < 0
    assert torch.equal(inside, (x / 0.5) ** 2 + (y / 1.5) ** 2 < 1)
    near = ellipse(torch.tensor([0.9, 1.1]), torch.zeros(2), 1.0, 1.0)  # of a circle about the distance itself
    torch.testing.assert_close(near, torch.tensor([-0.1, 0.1]), rtol=0.1, atol=0)
    spot = blob(x, y, 0.5, 1.5)
    assert spot.max() == 1 == spot[200, 200] and torch.equal(spot > 0, inside)
    at = torch.linspace(-1, 2, 301)
    for low, high in ((0.0, 1.0), (1.0, 0.0)):
        rise = ramp(low, high, at)
        assert rise[at < 0].unique().tolist() == [low > high] and rise[at > 1].unique().tolist() == [low < high]
        steps = rise.diff() * (1 if low < high else -1)
        assert (steps >= 0).all() and float(rise[150]) == pytest.approx(0.5, abs=1e-5)
    t = torch.linspace(-3, 3, 601)
    torch.testing.assert_close(wave(t + 1), wave(t), atol=1e-4, rtol=0)
    torch.testing.assert_close(wave(-t), -wave(t), atol=1e-4, rtol=0)
    assert (wave(t) + (2 * torch.pi * t).sin()).abs().max() < 0.06  # two parabolas


@pytest.mark.parametrize("by", [0.05, 0.3])
def test_a_rounded_corner_is_the_greater_one_away_from_it(by):
    a, b = torch.linspace(-1, 1, 201), torch.zeros(201)
    met = smooth_max(a, b, by)
    far = (a - b).abs() >= by
    assert torch.equal(met[far], torch.maximum(a, b)[far]) and (met[~far] > torch.maximum(a, b)[~far]).all()
    assert float(smooth_max(b, b, by)[0]) == pytest.approx(by / 4)
    torch.testing.assert_close(smooth_max(b, a, by), met)
    assert (met.diff().diff() > -1e-6).all()  # it bends one way alone
