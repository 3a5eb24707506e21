"""Strokes, edges and masks are followed, and what is not painted stays near where it was."""

import dataclasses
import io

import pytest
import torch
from PIL import Image, ImageDraw

from gansmith.errors import GansmithError
from gansmith.latent import Coordinates, Layer, Space, Weights, Wishes, edit
from gansmith.latent.editing.editing import Editing
from gansmith.latent.editing.realism import judge_of
from gansmith.latent.editing.wishes import brightness, read_layer, slopes, widened

TOP = torch.zeros(8, 8)
TOP[:3] = 1


@pytest.fixture
def coordinates(untrained):
    return Coordinates(Space(untrained("styles")))


@pytest.fixture
def point(coordinates):
    return coordinates.space.drawn(1, seed=3)


@pytest.fixture
def other(coordinates):
    """A sample that can be had, whose top is painted."""
    return coordinates.space.images(coordinates.space.drawn(1, seed=8))[0]


def painted(mode="RGBA", size=(8, 8), box=(0, 0, 7, 2), colour=(255, 0, 0, 255)):
    image = Image.new(mode, size)
    ImageDraw.Draw(image).rectangle(box, fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_strokes_are_followed_and_the_rest_moves_less(coordinates, point, other):
    made = edit(coordinates, point, Wishes(Layer(other, TOP)), Weights(around=1))
    assert made.fallen["strokes"] > 0.4
    top = [(x[:, :3] - other[:, :3]).square().mean() for x in (made.before, made.after)]
    assert top[1] < 0.6 * top[0]
    torch.testing.assert_close(
        coordinates.space.images(made.points), torch.stack([made.before, made.after]), atol=1e-4, rtol=0
    )
    assert torch.equal(made.points[:1], point) and made.steps == 40


def test_what_is_kept_or_around_or_held_close_moves_less(coordinates, point, other):
    wishes = Wishes(Layer(other, TOP))
    free = Weights(keep=0, around=0, close=0, prior=0, steps=60)
    bottom = 1 - widened(TOP, 2)
    loose = edit(coordinates, point, wishes, free)
    for name, value in (("around", 50), ("close", 5), ("keep", 50)):
        own = dataclasses.replace(wishes, keep=bottom) if name == "keep" else wishes
        held = edit(coordinates, point, own, dataclasses.replace(free, **{name: value}))
        assert held.elsewhere < 0.8 * loose.elsewhere, name
    near = edit(coordinates, point, wishes, dataclasses.replace(free, prior=5))
    u = coordinates.of(torch.cat([loose.points[1:], near.points[1:]])).norm(dim=1)
    assert u[1] < u[0]


def test_edges_are_followed(coordinates, point, other):
    weights = Weights(around=0, close=0, prior=0, steps=100)
    made = edit(coordinates, point, Wishes(edges=Layer(other, torch.ones(8, 8))), weights)
    assert made.fallen["edges"] > 0.3 and set(made.fallen) == {"edges"}
    a, b, goal = (slopes(x) for x in (made.before, made.after, other))
    assert (b - goal).square().mean() < (a - goal).square().mean()


def test_a_judge_of_what_is_real_is_heard(coordinates, point, other):
    wishes, deaf = Wishes(Layer(other, TOP)), Weights(around=0, close=0, prior=0, realism=0)
    judge = lambda x: 20 * x.mean(dim=(1, 2, 3))  # noqa: E731
    plain, heard = (edit(coordinates, point, wishes, dataclasses.replace(deaf, realism=w), judge) for w in (0.0, 5.0))
    assert heard.after.mean() > plain.after.mean() + 0.01


def test_a_step_at_a_time_is_the_same_and_wishes_may_change(coordinates, point, other):
    wishes, weights = Wishes(Layer(other, TOP)), Weights(steps=10)
    once = edit(coordinates, point, wishes, weights)
    editing = Editing(coordinates, point, wishes, weights, steps=10)
    for _ in range(10):
        editing.step()
    torch.testing.assert_close(editing.picture(), once.after)
    editing.wish(Wishes(Layer(-other, TOP.flip(0))))
    before = editing.point
    editing.step()
    assert not torch.equal(editing.point, before) or editing.way.schedule is not None


def test_a_generator_alone_has_no_judge(untrained):
    gan = untrained("styles")
    assert judge_of(gan) is None
    own = dataclasses.replace(gan, opponent=lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 1)))
    assert judge_of(own)(torch.zeros(3, 3, 8, 8)).shape == (3,)


def test_nothing_wished_or_another_size_is_named(coordinates, point, other):
    with pytest.raises(GansmithError, match="nothing is wished"):
        edit(coordinates, point, Wishes(keep=TOP))
    with pytest.raises(GansmithError, match="strokes of"):
        edit(coordinates, point, Wishes(Layer(other[:, :4], TOP)))
    with pytest.raises(GansmithError, match="a mask of"):
        edit(coordinates, point, Wishes(Layer(other, TOP), keep=TOP[:4]))
    with pytest.raises(GansmithError, match="a point of shape"):
        edit(coordinates, point[:, :3], Wishes(Layer(other, TOP)))
    with pytest.raises(GansmithError, match="close = -1"):
        Weights(close=-1)


def test_a_layer_is_its_colours_where_it_is_opaque():
    layer = read_layer(painted(), (3, 8, 8))
    assert torch.equal(layer.opaque, TOP) and torch.equal(layer.colours[:, 0, 0], torch.tensor([1.0, -1.0, -1.0]))
    large = read_layer(painted(size=(32, 32), box=(0, 0, 31, 11)), (3, 8, 8))
    assert large.opaque.shape == (8, 8) and large.opaque[0].min() > 0.9 and large.opaque[5:].max() < 0.1
    gray = read_layer(painted(), (1, 8, 8))
    torch.testing.assert_close(gray.colours[:, 0, 0], torch.tensor([2 * 0.299 - 1]))
    assert read_layer(painted(size=(20, 12)), (3, 8, 8), sizes=[(20, 12)]).opaque.shape == (8, 8)
    assert torch.equal(layer.over(torch.zeros(3, 8, 8))[:, 5], torch.zeros(3, 8))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (painted(size=(9, 9)), "is 9x9: paint over the picture itself, 8x8 or a multiple of it"),
        (painted(size=(16, 8)), "is 16x8"),
        (painted("RGB", colour=(1, 2, 3)), "has nothing transparent"),
        (painted(colour=(0, 0, 0, 0)), "nothing is painted"),
        (b"stroke", "no picture that is known"),
    ],
)
def test_layers_of_another_size_or_kind_are_refused(content, told):
    with pytest.raises(GansmithError, match=told):
        read_layer(content, (3, 8, 8), name="s.png")


def test_brightness_is_what_the_eye_weighs():
    assert brightness(torch.ones(3, 2, 2)).allclose(torch.ones(2, 2)) and brightness(torch.ones(1, 2, 2)).shape == (
        2,
        2,
    )
    green, blue = torch.zeros(2, 3, 1, 1)
    green[1], blue[2] = 1, 1
    assert brightness(green) > 5 * brightness(blue)
