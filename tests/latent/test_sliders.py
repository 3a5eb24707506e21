"""Sliders: what 0, 50 and 100 ask for, and people moved by them."""

import numpy as np
import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.latent import Response, Sliders, Space, logit_range, slider_goal, whitening_of

NAMES = ("Young", "Male", "Smiling")


def test_the_ends_are_the_percentiles_or_the_person_itself_and_the_middle_is_the_person():
    own = torch.tensor([-7.3, -1.1, 0.4, 9.7])
    low, high = -3.1, 4.2
    assert torch.equal(slider_goal(0, own, low, high), torch.tensor([-7.3, -3.1, -3.1, -3.1]))
    assert torch.equal(slider_goal(50, own, low, high), own)
    assert torch.equal(slider_goal(100, own, low, high), torch.tensor([4.2, 4.2, 4.2, 9.7]))


def test_between_them_it_is_linear_and_never_falls():
    own = torch.tensor([-7.3, -1.1, 0.4, 9.7])
    goals = torch.stack([slider_goal(float(v), own, -3.1, 4.2) for v in range(101)])
    rise = goals.diff(dim=0)
    assert (rise >= 0).all()
    for half in (rise[:50], rise[50:]):
        torch.testing.assert_close(half, half.mean(dim=0).expand(50, -1), rtol=0, atol=1e-5)
    torch.testing.assert_close(slider_goal(80, own, -3.1, 4.2)[1], torch.tensor(-1.1 + 0.6 * 5.3))
    each = slider_goal(torch.tensor([0.0, 25, 50, 100]), own, torch.tensor(-3.1), torch.tensor(4.2))
    torch.testing.assert_close(each, torch.tensor([-7.3, -2.1, 0.4, 9.7]))


@pytest.mark.parametrize("value", [-0.1, 100.5, float("nan"), torch.tensor([50.0, 101.0])])
def test_sliders_end_at_0_and_100(value):
    with pytest.raises(GansmithError, match=r"must be in \[0, 100\]"):
        slider_goal(value, torch.zeros(2), -1.0, 1.0)


def test_the_range_is_that_of_percentiles():
    logits = torch.randn(777, 3)
    low, high = logit_range(logits)
    np.testing.assert_allclose(low, np.percentile(logits.numpy(), 2, axis=0), rtol=1e-5)
    np.testing.assert_allclose(high, np.percentile(logits.numpy(), 98, axis=0), rtol=1e-5)


@pytest.fixture
def space(untrained):
    return Space(untrained("styles"))


@pytest.fixture
def sliders(space, curved):
    return Sliders.of(NAMES, curved, space.whitening, space.drawn(2000, seed=1))


def told(sliders, points):
    return sliders.response(sliders.whitening.whitened(points))


def test_a_slider_moves_what_it_names_and_holds_what_is_held(space, sliders):
    people = space.drawn(50, seed=2)
    before = told(sliders, people)
    for value in (0, 30, 90):
        moved = sliders.move(people, {"Young": value}, hold=["Male", "Smiling", "Male"])
        goal = slider_goal(value, before[:, 0], sliders.low[0], sliders.high[0])
        torch.testing.assert_close(told(sliders, moved)[:, 0], goal, rtol=0, atol=1e-3)
        torch.testing.assert_close(told(sliders, moved)[:, 1:], before[:, 1:], rtol=0, atol=1e-3)
    free = told(sliders, sliders.move(people, {"Young": 90}))
    assert (free - before)[:, 1].abs().mean() > 0.05


def test_several_sliders_at_once_and_one_for_each_person(space, sliders):
    people = space.drawn(20, seed=2)
    before = told(sliders, people)
    values = torch.linspace(0, 100, 20)
    after = told(sliders, sliders.move(people, {"Smiling": 75, "Young": values}, hold=["Male"]))
    for i, value in ((0, values), (2, 75)):
        goal = slider_goal(value, before[:, i], sliders.low[i], sliders.high[i])
        torch.testing.assert_close(after[:, i], goal, rtol=0, atol=2e-3)


def test_a_higher_slider_never_tells_less(space):
    torch.manual_seed(3)
    people = space.drawn(30, seed=2)
    response = Response(space.size, 3)
    for parameter in response.parameters():
        parameter.data *= 2  # curves more
    sliders = Sliders.of(NAMES, response, space.whitening, space.drawn(2000))
    with torch.no_grad():
        row = [told(sliders, sliders.move(people, {"Male": v}, ["Young", "Smiling"]))[:, 1] for v in range(0, 101, 10)]
    rise = torch.stack(row).diff(dim=0)
    assert rise.min() > -1e-4 and (rise.sum(dim=0) > 0.8 * (sliders.high - sliders.low)[1]).all()


def test_in_the_middle_the_picture_is_the_same_bit_for_bit(space, sliders):
    people = space.drawn(20, seed=2)
    for wanted in ({"Young": 50}, {"Young": 50.0, "Smiling": 50}, {}):
        for hold in ((), ("Male",)):
            still = sliders.move(people, wanted, hold)
            assert torch.equal(still, people) and torch.equal(space.images(still), space.images(people))
    one = sliders.move(people[:1], {"Young": 50})
    assert torch.equal(one, people[:1])
    assert not torch.equal(space.images(sliders.move(people, {"Young": 51})), space.images(people))


def test_points_that_do_not_vary_everywhere_are_steered_where_they_do(curved):
    narrow = torch.randn(500, 3)
    points = torch.cat([narrow, narrow], dim=1)
    sliders = Sliders.of(NAMES, curved, whitening_of(points), points)
    moved = sliders.move(points[:9], {"Young": 80}, ["Male"])
    torch.testing.assert_close(moved[:, :3], moved[:, 3:], rtol=0, atol=1e-5)
    goal = slider_goal(80, told(sliders, points[:9])[:, 0], sliders.low[0], sliders.high[0])
    torch.testing.assert_close(told(sliders, moved)[:, 0], goal, rtol=0, atol=1e-3)


def test_what_cannot_be_asked_for_is_named(space, sliders):
    people = space.drawn(2)
    with pytest.raises(GansmithError, match="unknown attribute 'Smilling': did you mean 'Smiling'"):
        sliders.move(people, {"Smilling": 80})
    with pytest.raises(GansmithError, match="unknown attribute 'Hat'"):
        sliders.move(people, {"Young": 80}, ["Hat"])
    with pytest.raises(GansmithError, match="slider = 101 must be in"):
        sliders.move(people, {"Young": 101})
    with pytest.raises(GansmithError, match="move or hold each attribute once"):
        sliders.move(people, {"Young": 10}, ["Young"])
