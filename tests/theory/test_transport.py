"""The earth mover's problem three ways: primal by POT, dual by linear programming, closed form on the line."""

import numpy as np
import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.theory.line import wasserstein_line
from gansmith.theory.parallel import parallel_lines
from gansmith.theory.transport import best_critic, optimal_plan, plan_cost, table

RNG = np.random.default_rng(0)


def distance(p, q, x, y):
    cost = torch.cdist(x, y)
    return plan_cost(optimal_plan(p, q, cost), p, q, cost)


def masses(*sizes):
    return [torch.from_numpy(RNG.dirichlet(np.ones(size))) for size in sizes]


def test_primal_dual_and_closed_form_on_the_line():
    x = torch.from_numpy(np.sort(RNG.standard_normal(15))).unsqueeze(1)
    p, q = masses(15, 15)
    exact = wasserstein_line(x[:, 0], p, q)
    assert distance(p, q, x, x) == pytest.approx(exact, abs=1e-9)
    assert best_critic(p, q, x, x).value == pytest.approx(exact, abs=1e-9)


def test_primal_is_dual_in_the_plane():
    x, y = (torch.from_numpy(RNG.standard_normal((size, 2))) for size in (9, 13))
    p, q = masses(9, 13)
    critic = best_critic(p, q, x, y)
    plan = optimal_plan(p, q, torch.cdist(x, y))
    assert critic.value == pytest.approx(distance(p, q, x, y), abs=1e-9)
    assert float(p @ critic.at_x - q @ critic.at_y) == pytest.approx(critic.value, abs=1e-9)
    points, f = torch.cat([x, y]), torch.cat([critic.at_x, critic.at_y])
    slopes = (f.unsqueeze(1) - f).abs() / (torch.cdist(points, points) + torch.eye(len(f)))
    assert slopes.max() <= 1 + 1e-9
    falls = critic.at_x.unsqueeze(1) - critic.at_y  # along the plan's routes the critic falls as steeply as it may
    torch.testing.assert_close(falls[plan > 0], torch.cdist(x, y)[plan > 0], atol=1e-9, rtol=0)


def test_a_plan_has_its_marginals_and_no_other_is_cheaper():
    p, q = masses(6, 7)
    cost = torch.from_numpy(RNG.random((6, 7)))
    plan = optimal_plan(p, q, cost)
    torch.testing.assert_close(plan.sum(1), p, atol=1e-12, rtol=0)
    torch.testing.assert_close(plan.sum(0), q, atol=1e-12, rtol=0)
    assert plan_cost(plan, p, q, cost) < plan_cost(torch.outer(p, q), p, q, cost)


def test_the_tables_plans():
    t = table()
    cost = torch.cdist(t.x, t.y)
    good, bad = (plan_cost(plan, t.p, t.q, cost) for plan in (t.good, t.bad))
    best = distance(t.p, t.q, t.x, t.y)
    line = wasserstein_line(t.y[:, 0], torch.cat([t.p, torch.zeros(1)]), t.q)
    assert good == pytest.approx(best, abs=1e-12) == pytest.approx(line, abs=1e-12) == pytest.approx(1.0)
    assert bad == pytest.approx(1.8, abs=1e-12)
    assert best_critic(t.p, t.q, t.x, t.y).value == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("theta", [-0.75, -1e-3, 0.25, 2.0])
def test_parallel_lines(theta):
    found = parallel_lines(theta)
    assert found.kl == float("inf")
    assert found.js == pytest.approx(np.log(2), abs=1e-12)
    assert found.total_variation == pytest.approx(1, abs=1e-12)
    assert found.wasserstein == pytest.approx(abs(theta), rel=1e-12)


def test_parallel_lines_on_each_other():
    assert parallel_lines(0.0) == (0, 0, 0, 0)


def test_mistakes_are_named():
    t = table()
    cost = torch.cdist(t.x, t.y)
    with pytest.raises(GansmithError, match=r"row 0 of the plan sums to 0.5, not to 0.3"):
        plan_cost(t.good, t.p[[1, 0, 2]], t.q, cost)
    with pytest.raises(GansmithError, match=r"column 0 of the plan sums to 0.2, not to 0.4"):
        plan_cost(t.good, t.p, t.q.flip(0), cost)
    with pytest.raises(GansmithError, match=r"nothing negative, got -0.1"):
        plan_cost(t.good - 0.1, t.p, t.q, cost)
    with pytest.raises(GansmithError, match=r"shape \(3, 4\)"):
        plan_cost(t.good.T, t.p, t.q, cost)
    with pytest.raises(GansmithError, match="1 of earth cannot fill 2"):
        optimal_plan(t.p, 2 * t.q, cost)
    with pytest.raises(GansmithError, match=r"shape \(3, 4\)"):
        optimal_plan(t.p, t.q, cost.T)
    with pytest.raises(GansmithError, match="equal sums"):
        best_critic(t.p, 2 * t.q, t.x, t.y)
