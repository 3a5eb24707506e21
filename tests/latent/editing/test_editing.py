"""Strokes, edges and masks are followed, and what is not painted stays near where it was."""

import dataclasses
import io

import pytest
import torch
from PIL import Image, ImageDraw

from gansmith.errors import GansmithError
from gansmith.latent import Constraints, Coordinates, Layer, Space, Weights, edit
from gansmith.latent.editing.constraints import brightness, read_layer, slopes, widened
from gansmith.latent.editing.editing import Editing, coarse, usual_differences
from gansmith.latent.editing.judge import judge_of

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
    made = edit(coordinates, point, Constraints(Layer(other, TOP)), Weights(around=1))
    assert made.fallen["strokes"] > 0.4
    top = [(x[:, :3] - other[:, :3]).square().mean() for x in (made.before, made.after)]
    assert top[1] < 0.6 * top[0]
    torch.testing.assert_close(
        coordinates.space.images(made.points), torch.stack([made.before, made.after]), atol=1e-4, rtol=0
    )
    assert torch.equal(made.points[:1], point) and made.steps == 72


def test_what_is_kept_or_around_or_held_close_moves_less(coordinates, point, other):
    constraints = Constraints(Layer(other, TOP))
    free = Weights(keep=0, around=0, close=0, prior=0, strange=0, steps=60)
    bottom = 1 - widened(TOP, 2)
    loose = edit(coordinates, point, constraints, free)
    for name, value in (("around", 50), ("close", 10), ("keep", 50)):
        own = dataclasses.replace(constraints, keep=bottom) if name == "keep" else constraints
        held = edit(coordinates, point, own, dataclasses.replace(free, **{name: value}))
        assert held.elsewhere < 0.8 * loose.elsewhere, name
    near = edit(coordinates, point, constraints, dataclasses.replace(free, prior=5))
    u = coordinates.of(torch.cat([loose.points[1:], near.points[1:]])).norm(dim=1)
    assert u[1] < u[0]


def test_styles_that_the_mapping_does_not_make_cost(coordinates, point, other):
    constraints = Constraints(Layer(other, TOP))
    free, bound = (Editing(coordinates, point, constraints, Weights(strange=w)) for w in (0, 1))
    off = free.start - 2
    more = (coordinates.strangeness(off) / coordinates.strangeness(free.start).clamp(min=1)).log()
    assert more > 1
    torch.testing.assert_close(bound._costs(off) - free._costs(off), more, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(bound._costs(free.start), free._costs(free.start))


def test_usual_steps_from_one_start_end_near_where_many_more_do(coordinates, point, other):
    usual, many = (
        edit(coordinates, point, Constraints(Layer(other, TOP)), Weights(steps=n, starts=1)) for n in (72, 720)
    )
    assert usual.steps == Weights().steps and usual.fallen["strokes"] > many.fallen["strokes"] - 0.05


def test_edges_are_followed(coordinates, point, other):
    weights = Weights(around=0, close=0, prior=0, steps=100)
    made = edit(coordinates, point, Constraints(edges=Layer(other, torch.ones(8, 8))), weights)
    assert made.fallen["edges"] > 0.3 and set(made.fallen) == {"edges"}
    a, b, goal = (slopes(x) for x in (made.before, made.after, other))
    assert (b - goal).square().mean() < (a - goal).square().mean()


def test_costs_of_several_are_those_of_each(coordinates, editing):
    u = torch.cat([editing.start, editing.start + 0.3, coordinates.examples(3)[0]])
    each = torch.cat([editing._costs(one[None]) for one in u])
    torch.testing.assert_close(editing._costs(u), each)
    editing.judge = lambda x: x.mean(dim=(1, 2, 3))
    editing.weights = dataclasses.replace(editing.weights, realism=2.0)
    torch.testing.assert_close(editing._costs(u), torch.cat([editing._costs(one[None]) for one in u]))


def test_of_several_starts_the_best_is_kept(coordinates, point):
    """What is asked for lies far off, and one of the samples has it nearly."""
    u, x = coordinates.examples(500)
    goal = x[int((x - coordinates.space.images(point)).square().flatten(1).sum(dim=1).argmax())]
    constraints = Constraints(Layer(goal, torch.ones(8, 8)))
    one, several = (edit(coordinates, point, constraints, Weights(starts=n, steps=20, close=0)) for n in (1, 2))
    assert several.fallen["strokes"] > one.fallen["strokes"] + 0.02 and several.steps == 20
    editing = Editing(coordinates, point, constraints, Weights(starts=2, close=0))
    editing.look_ahead(0)
    assert torch.equal(editing.way.u[0], u[int((x - goal).square().flatten(1).sum(dim=1).argmin())])
    torch.testing.assert_close(editing.picture(), goal, atol=1e-3, rtol=0)


def test_other_starts_are_of_the_same_label(untrained):
    coordinates = Coordinates(Space(untrained("labels")))
    point, goal = coordinates.space.drawn(1, seed=4), torch.ones(3, 8, 8)
    editing = Editing(coordinates, point, Constraints(Layer(goal, torch.ones(8, 8))), Weights(starts=500), steps=5)
    editing.look_ahead(0)
    u = torch.cat([editing.start, coordinates.examples(500)[0]])
    costs = editing._costs(u)  # by the pictures of the label at the start
    assert torch.equal(editing.way.u[0], u[int(costs.argmin())])
    assert torch.equal(coordinates.conditions(editing.start), editing.point[:, -3:])


def test_the_own_start_is_kept_where_it_is_the_best(coordinates, point):
    before = coordinates.space.images(point)[0]
    editing = Editing(coordinates, point, Constraints(Layer(before, TOP)), Weights(starts=4), steps=10)
    editing.look_ahead(0)
    assert torch.equal(editing.way.u, editing.start)
    editing.look_ahead(2)
    rates = []
    for _ in range(8):
        rates.append(editing.way.optimizer.param_groups[0]["lr"])
        editing.step()
    assert rates[0] == editing.weights.rate and 0 < rates[-1] < 0.1 * rates[0]  # at rest after ten steps in all


def test_a_judge_of_what_is_real_is_heard(coordinates, point, other):
    constraints, deaf = Constraints(Layer(other, TOP)), Weights(around=0, close=0, prior=0, realism=0)
    judge = lambda x: 20 * x.mean(dim=(1, 2, 3))  # noqa: E731
    plain, heard = (
        edit(coordinates, point, constraints, dataclasses.replace(deaf, realism=w), judge) for w in (0.0, 5.0)
    )
    assert heard.after.mean() > plain.after.mean() + 0.01


def test_a_step_at_a_time_is_the_same_and_constraints_may_change(coordinates, point, other):
    constraints, weights = Constraints(Layer(other, TOP)), Weights(steps=10, starts=1)
    once = edit(coordinates, point, constraints, weights)
    editing = Editing(coordinates, point, constraints, weights, steps=10)
    for _ in range(10):
        editing.step()
    torch.testing.assert_close(editing.picture(), once.after)
    editing.constrain(Constraints(Layer(-other, TOP.flip(0))))
    before = editing.point
    editing.step()
    assert not torch.equal(editing.point, before) or editing.way.schedule is not None


def test_a_generator_alone_has_no_judge(untrained):
    gan = untrained("styles")
    assert judge_of(gan) is None
    own = dataclasses.replace(gan, opponent=lambda: torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 1)))
    assert judge_of(own)(torch.zeros(3, 3, 8, 8)).shape == (3,)


def test_nothing_asked_for_or_another_size_is_named(coordinates, point, other):
    with pytest.raises(GansmithError, match="nothing is asked for"):
        edit(coordinates, point, Constraints(keep=TOP))
    with pytest.raises(GansmithError, match="strokes of"):
        edit(coordinates, point, Constraints(Layer(other[:, :4], TOP)))
    with pytest.raises(GansmithError, match="a mask of"):
        edit(coordinates, point, Constraints(Layer(other, TOP), keep=TOP[:4]))
    with pytest.raises(GansmithError, match="a point of shape"):
        edit(coordinates, point[:, :3], Constraints(Layer(other, TOP)))
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


def test_where_nothing_is_painted_nothing_is_touched(other):
    assert torch.equal(Constraints().touched(other), torch.zeros(8, 8))
    assert torch.equal(Constraints(keep=TOP).touched(other), torch.zeros(8, 8))
    half = Layer(other, TOP / 2)
    assert torch.equal(Constraints(half, Layer(other, TOP.T)).touched(other), torch.maximum(TOP / 2, TOP.T))
    assert torch.equal(Constraints(half).touched(other), TOP / 2)
    assert not Constraints() and not Constraints(keep=TOP) and Constraints(half) and Constraints(edges=half)


def test_what_is_painted_is_shown_one_layer_on_the_other(other):
    black, white = (torch.full((3, 8, 8), value) for value in (-1.0, 1.0))
    shown = Constraints(Layer(white, TOP), Layer(black, TOP.T / 2)).shown_on(other)
    assert torch.equal(shown[:, 5, 5], other[:, 5, 5]) and torch.equal(shown[:, 0, 5], torch.ones(3))
    torch.testing.assert_close(shown[:, 5, 0], (other[:, 5, 0] - 1) / 2)
    torch.testing.assert_close(shown[:, 0, 0], torch.zeros(3))


@pytest.fixture
def editing(coordinates, point, other):
    constraints = Constraints(Layer(other, TOP), Layer(other, TOP.T), keep=1 - TOP)
    return Editing(coordinates, point, constraints, Weights(2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 0.0))


def test_differences_are_1_between_random_samples(coordinates, editing):
    x = coordinates.space.images(coordinates.space.drawn(400, seed=77))
    a, b = x[:200], x[200:]
    colour, slope = usual_differences(coordinates)
    assert float((a - b).square().mean() / colour) == pytest.approx(1, abs=0.3)
    apart = coarse(slopes(a) - slopes(b)).square().sum(dim=1).mean()
    assert float(apart / slope) == pytest.approx(1, abs=0.3) and not 0.5 < float(colour / slope) < 2
    away = 1 - widened(torch.maximum(TOP, TOP.T), 2)
    for y in x[:3]:
        mean = ((y - editing.before).square().mean(dim=0) * away).sum() / away.sum()
        assert editing.elsewhere(y) == pytest.approx(float((mean / colour).sqrt()), rel=1e-4)
    assert editing.elsewhere(editing.before) == 0


def test_errors_are_means_over_what_is_painted(coordinates, editing, other):
    x = coordinates.space.images(coordinates.space.drawn(1, seed=5))[0]
    found, (colour, slope) = editing.errors(x), editing.usual
    expected = (x - other)[:, :3].square().mean() / colour
    torch.testing.assert_close(found["strokes"], expected)
    sketched = torch.where(TOP.T > 0, other, editing.before)
    apart = coarse(slopes(x)[None])[0] - coarse(slopes(sketched)[None])[0]
    weight = coarse(widened(TOP.T, 2)[None, None])[0, 0]
    torch.testing.assert_close(found["edges"], (apart.square().sum(dim=0) * weight).sum() / weight.sum() / slope)
    first = editing.errors(editing.before)
    for name, fallen in editing.fallen(x).items():
        assert fallen == pytest.approx(1 - float(found[name] / first[name].clamp(min=0.02)), rel=1e-5)
    assert editing.fallen(editing.before) == pytest.approx({"strokes": 0, "edges": 0}, abs=1e-6)


def test_the_cost_is_the_sum_that_it_is_said_to_be(coordinates, editing):
    """Strokes 2, edges 3, keep 5, around 7, close 11, prior 13, the first two of what they were at the start."""
    u = editing.start + 0.3
    x = coordinates.pictures(u)[0]
    errors, first = editing.errors(x), editing.errors(editing.before)
    total = 2 * errors["strokes"] / first["strokes"] + 3 * errors["edges"] / first["edges"]
    apart = (x - editing.before).square().mean(dim=0) / editing.usual[0]
    total = total + 5 * (apart * (1 - TOP)).sum() / (1 - TOP).sum()
    away = 1 - widened(torch.maximum(TOP, TOP.T), 2)
    total = total + 7 * (apart * away).sum() / away.sum() + 11 * 0.3**2 + 13 * u.square().mean()
    torch.testing.assert_close(editing._costs(u)[0], total, rtol=1e-4, atol=0)


@pytest.mark.parametrize("side", [2, 3, 4, 5, 8])
def test_maps_of_four_pixels_or_more_are_halved(side):
    x = torch.rand(2, 2, side, side)
    expected = torch.nn.functional.avg_pool2d(x, 2) if side > 3 else x
    assert torch.equal(coarse(x), expected)
    assert coarse(torch.rand(2, 2, 3, 9)).shape == (2, 2, 3, 9)


def test_a_generator_of_one_picture_can_still_be_edited(coordinates):
    """Differences between its samples are nothing: what is divided by them stays finite, and as small as it was."""
    coordinates.space.images = lambda points: torch.zeros(len(points), 3, 8, 8)
    assert all(0 < value <= 1e-9 for value in usual_differences(coordinates))


def test_painting_what_is_there_asks_for_next_to_nothing(coordinates, point):
    before = coordinates.space.images(point)[0]
    made = edit(coordinates, point, Constraints(Layer(before, TOP)), Weights(rate=0.1))
    assert (made.after - before).abs().max() < 0.2 and 0.9 < made.fallen["strokes"] <= 1


def test_without_a_start_there_is_nothing_to_edit():
    with pytest.raises(GansmithError, match="starts = 0 must be at least 1"):
        Weights(starts=0)


@pytest.mark.parametrize("name", ["strokes", "edges", "keep", "around", "close", "prior", "realism", "rate", "steps"])
def test_no_weight_is_negative(name):
    assert vars(Weights(**{name: 0}))[name] == 0
    for wrong in (-1e-9, float("nan")):
        with pytest.raises(GansmithError, match=f"{name} = "):
            Weights(**{name: wrong})


def test_how_opaque_a_pixel_is_is_no_brightness():
    x = torch.rand(2, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    assert torch.equal(brightness(x), brightness(x[:, :3]))
    assert torch.equal(brightness(x[:, :2]), x[:, 0]) and torch.equal(brightness(x[0, :1]), x[0, 0])
