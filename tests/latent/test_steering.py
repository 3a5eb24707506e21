"""Conditional steering: targets reach their goals, held logits stay, and nobody is moved who need not be."""

import pytest
import torch
from torch import nn

from gansmith.errors import GansmithError
from gansmith.latent import Response, Steering, Steps, steered
from gansmith.latent.steering import _jacobian


def points(count, size, seed=0):
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed))


def test_linear_logits_reach_their_goals_and_held_ones_do_not_move(linear):
    u = points(30, 12)
    before = linear(u)
    goals = before[:, [1]] + torch.linspace(-6, 6, 30)[:, None]
    after = linear(steered(linear, u, [1], goals, [0, 2, 4]))
    torch.testing.assert_close(after[:, [1]], goals, rtol=0, atol=1e-5)
    torch.testing.assert_close(after[:, [0, 2, 4]], before[:, [0, 2, 4]], rtol=0, atol=1e-5)
    assert (after[:, 3] - before[:, 3]).abs().max() > 0.1  # who is not held may move


def test_the_way_on_linear_logits_is_the_shortest(linear):
    u = points(10, 12)
    goals = linear(u)[:, [0, 3]] + torch.tensor([2.0, -1.0])
    step = steered(linear, u, [0, 3], goals, [1]) - u
    wanted = torch.tensor([2.0, -1.0, 0.0]) @ torch.linalg.pinv(linear.matrix[[0, 3, 1]]).T
    torch.testing.assert_close(step, wanted.expand(10, -1), rtol=0, atol=1e-4)


def test_where_logits_curve_less_leaks_than_along_a_straight_line(curved):
    u = points(200, 6)
    before = curved(u)
    goals = before[:, [0]] + 3
    moved = steered(curved, u, [0], goals, [1, 2])
    after = curved(moved)
    torch.testing.assert_close(after[:, [0]], goals, rtol=0, atol=1e-3)
    leak = (after - before)[:, 1:].abs().mean(dim=0)
    at_mean = torch.func.jacrev(lambda x: curved(x[None])[0])(torch.zeros(6))
    line = torch.linalg.pinv(at_mean)[:, 0]  # moves the first alone where it was found
    low, high = torch.zeros(200), torch.full((200,), 20.0)
    for _ in range(40):  # as far as it takes to reach the same goal
        middle = (low + high) / 2
        short = curved(u + middle[:, None] * line)[:, 0] < goals[:, 0]
        low, high = torch.where(short, middle, low), torch.where(short, high, middle)
    straight = curved(u + low[:, None] * line)
    torch.testing.assert_close(straight[:, [0]], goals, rtol=0, atol=1e-3)
    leak_of_line = (straight - before)[:, 1:].abs().mean(dim=0)
    assert (leak_of_line > 0.3).all() and (leak < 0.02 * leak_of_line).all()


def test_a_batch_is_its_people(curved):
    u = points(40, 6)
    goals = curved(u)[:, [0]] + torch.linspace(-2, 2, 40)[:, None]
    together = steered(curved, u, [0], goals, [1])
    alone = torch.cat([steered(curved, u[i : i + 1], [0], goals[i : i + 1], [1]) for i in range(40)])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)


def test_whoever_is_there_already_takes_no_step(curved):
    u = points(6, 6)
    goals = curved(u)[:, [0, 1]]
    assert torch.equal(steered(curved, u, [0, 1], goals, [2]), u)
    goals[3, 0] += 1
    moved = steered(curved, u, [0, 1], goals, [2])
    stay = torch.arange(6) != 3
    assert torch.equal(moved[stay], u[stay]) and not torch.equal(moved[3], u[3])
    assert torch.equal(steered(curved, u, [], torch.empty(6, 0), [2]), u)


def test_steps_are_no_longer_than_the_radius_and_the_way_than_the_reach(linear):
    u = points(20, 12)
    goals = torch.full((20, 1), 1e4)
    for steps, most in ((Steps(1), 1.0), (Steps(3, radius=0.25), 0.75), (Steps(reach=2.5), 2.5), (Steps(), 10.0)):
        way = (steered(linear, u, [0], goals, [1], steps) - u).norm(dim=1)
        torch.testing.assert_close(way, torch.full((20,), most), rtol=1e-3, atol=0)


def test_the_scale_of_a_logit_does_not_matter(curved):
    class Loud(nn.Module):
        def forward(self, u):
            return curved(u) * torch.tensor([1.0, 1000.0, 0.001])

    u = points(20, 6)
    goals = curved(u)[:, [0]] + 1.5
    torch.testing.assert_close(
        steered(Loud(), u, [0], goals, [1, 2]), steered(curved, u, [0], goals, [1, 2]), rtol=0, atol=1e-3
    )


def test_a_logit_that_nothing_moves_harms_no_other(linear):
    linear.matrix[2] = 0
    u = points(5, 12)
    goals = linear(u)[:, [0]] + 1
    after = linear(steered(linear, u, [0], goals, [1, 2]))
    torch.testing.assert_close(after[:, [0]], goals, rtol=0, atol=1e-4)


def test_the_jacobian_of_a_response_is_that_of_autograd():
    torch.manual_seed(0)
    response = Response(7, 5, hidden=16)
    response.mean.normal_(), response.scale.uniform_(0.5, 2)
    columns = torch.tensor([4, 0, 2])
    for mine, torchs in zip(
        response.jacobian(points(6, 7), columns), _jacobian(response, points(6, 7), columns), strict=True
    ):
        assert not mine.requires_grad and mine.shape == torchs.shape
        torch.testing.assert_close(mine, torchs, rtol=1e-5, atol=1e-6)


def test_dropout_rests_meanwhile(linear):
    network = nn.Sequential(nn.Dropout(0.5), linear).train()
    u = points(5, 12)
    goals = linear(u)[:, [0]] + 1
    torch.testing.assert_close(steered(network, u, [0], goals), steered(linear, u, [0], goals))
    assert network.training


def test_contradictions_are_named(linear, curved):
    u = points(4, 12)
    goal = torch.zeros(4, 1)
    with pytest.raises(GansmithError, match="move or hold each attribute once"):
        steered(linear, u, [1], goal, [1])
    with pytest.raises(GansmithError, match="move or hold each attribute once"):
        steered(linear, u, [1, 1], torch.zeros(4, 2))
    with pytest.raises(GansmithError, match=r"goals of shape \(4, 1\) are not \(4, 2\)"):
        steered(linear, u, [1, 2], goal)


def test_one_number_that_is_none_is_told(linear):
    """Among many that are fine: in a point, and in a goal."""
    u, goal = points(4, 12), torch.zeros(4, 1)
    for spoilt in (u.clone(), goal.clone()):
        spoilt[2, 0] = torch.nan
        with pytest.raises(GansmithError, match="NaN or infinite"):
            steered(linear, *((spoilt, [1], goal) if spoilt.shape == u.shape else (u, [1], spoilt)))
    with pytest.raises(GansmithError, match="NaN or infinite"):
        steered(linear, u / 0, [1], goal)


def test_the_way_goes_on_from_where_other_goals_led():
    linear, u = nn.Linear(5, 3), torch.randn(4, 5)
    start = linear(u).detach()
    first = Steering(linear, u, [0], start[:, :1] + 1, [1], Steps(count=3))
    for left in (3, 2, 1):
        assert first.left == left
        first.step()
    assert first.left == 0
    goals = start[:, :1] + torch.tensor([[0.5], [0.5], [0.5], [0.0]])
    other = Steering(linear, u, [0], goals, [1], Steps(count=12), at=first.now)
    assert torch.equal(other.now[:3], first.now[:3]) and torch.equal(other.now[3], u[3])  # who stays is as drawn
    while other.left:
        other.step()
    after = linear(other.now)
    torch.testing.assert_close(after[:, :1], goals, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(after[:, 1], start[:, 1], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("size", [0.0, 100.0, -1e4])
def test_a_goal_as_near_as_float32_tells_asks_for_no_move(linear, size):
    """A hundred-thousandth of 1 + |logit|, on either side of it; twice as far is a goal."""
    linear.shift = linear.shift * 0 + size
    u = torch.zeros(2, 12)
    own = linear(u)[:, [0]]
    for share, moves in ((0.5, False), (2.0, True), (30.0, True)):
        for sign in (1, -1):
            goals = own + sign * share * 1e-5 * (1 + own.abs())
            steering = Steering(linear, u, [0], goals, [1])
            assert bool(steering.left) == moves and torch.equal(steering.moving, torch.arange(2 * moves))


def test_each_is_done_when_it_is_there_and_nobody_waits_for_the_last(linear):
    u = points(3, 12)
    goals = linear(u)[:, [0]] + torch.tensor([[0.1], [0.5], [60.0]])
    steering = Steering(linear, u, [0], goals, [1], Steps(radius=0.5, reach=100.0))
    seen = []
    while steering.left:
        seen.append((steering.left, len(steering.moving)))
        steering.step()
    left, moving = zip(*seen, strict=True)
    assert left == tuple(range(20, 20 - len(left), -1)) and moving[0] == 3 and moving[-1] == 1
    assert list(moving) == sorted(moving, reverse=True)
    first = steered(linear, u[:1], [0], goals[:1], [1], Steps(radius=0.5, reach=100.0))
    torch.testing.assert_close(steering.now[:1], first, rtol=0, atol=1e-6)
    way = (steering.now - u).norm(dim=1)
    assert float(way[2]) == pytest.approx(len(left) * 0.5, rel=1e-3)  # as many steps of the radius


@pytest.mark.parametrize("damping", [0.0, 0.02, 1.0])
def test_a_damped_step_goes_its_share_of_the_way(linear, damping):
    """Of one logit: error / (1 + λ) of it, along its gradient."""
    u = points(4, 12)
    goals = linear(u)[:, [2]] + 0.3
    steering = Steering(linear, u, [2], goals, steps=Steps(damping=damping))
    steering.step()
    gone = linear(steering.now)[:, 2] - linear(u)[:, 2]
    torch.testing.assert_close(gone, torch.full((4,), 0.3 / (1 + damping)), rtol=1e-3, atol=0)
    way = steering.now - u
    row = linear.matrix[2] / linear.matrix[2].norm()
    torch.testing.assert_close(way, (way @ row)[:, None] * row, rtol=0, atol=1e-5)


def test_where_others_have_led_counts_as_a_part_of_the_reach(linear):
    u = points(5, 12)
    goals = torch.full((5, 1), 1e4)
    there = steered(linear, u, [0], goals, steps=Steps(reach=2.0))
    other = Steering(linear, u, [1], torch.full((5, 1), 1e4), steps=Steps(reach=2.0), at=there)
    assert torch.equal(other.now, there) and other.now is not there
    while other.left:
        other.step()
    torch.testing.assert_close((other.now - u).norm(dim=1), torch.full((5,), 2.0), rtol=1e-3, atol=0)
    assert (linear(other.now)[:, 1] > linear(there)[:, 1] + 1).all()
