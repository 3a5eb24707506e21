"""Plans filled in by hand: what they cost, what is wrong with them, how far they are from the best."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.theory.plans import all_to_the_right, random_plan, weigh, well_and_badly_matched
from gansmith.theory.transport import optimal_plan, table


def cost_of(lesson):
    return torch.cdist(lesson.x, lesson.y)


def test_where_all_sources_lie_left_of_all_targets_every_plan_costs_the_same():
    lesson, rng = all_to_the_right(), torch.Generator().manual_seed(0)
    plans = [*lesson.plans.values(), *(random_plan(lesson.p, lesson.q, rng) for _ in range(50))]
    for plan in plans:
        found = weigh(plan, lesson.p, lesson.q, cost_of(lesson))
        assert found.cost == 42 and found.excess == pytest.approx(0, abs=1e-9)
        assert found.rows.tolist() == [0, 0, 0] and found.columns.tolist() == [0, 0, 0, 0]
    assert len({tuple(plan.flatten().tolist()) for plan in plans}) > 10
    assert float(lesson.q @ lesson.y[:, 0] - lesson.p @ lesson.x[:, 0]) == 42


def test_well_and_badly():
    lesson = well_and_badly_matched()
    found = {name: weigh(plan, lesson.p, lesson.q, cost_of(lesson)) for name, plan in lesson.plans.items()}
    assert (found["well"].cost, found["well"].excess) == (2, 0)
    assert (found["badly"].cost, found["badly"].excess) == (6, 4)


def test_what_is_wrong_with_a_plan_is_told_box_by_box():
    lesson = all_to_the_right()
    wrong = lesson.plans["γ₁"].clone()
    wrong[0, 3], wrong[2, 0] = 1, 1  # one unit less from box 1, one more from box 3
    found = weigh(wrong, lesson.p, lesson.q, cost_of(lesson))
    assert found.rows.tolist() == [-1, 0, 1] and found.columns.tolist() == [1, 0, 0, -1]


def test_our_own_table_has_a_worse_plan():
    boxes = table()
    assert weigh(boxes.bad, boxes.p, boxes.q, cost_of(boxes)).excess == pytest.approx(0.8)
    best = optimal_plan(boxes.p, boxes.q, cost_of(boxes))
    assert weigh(best, boxes.p, boxes.q, cost_of(boxes)).excess == pytest.approx(0)


@pytest.mark.parametrize(
    ("plan", "says"), [(torch.zeros(2, 2), r"shape \(3, 4\)"), (-torch.ones(3, 4), "nothing negative")]
)
def test_no_plan(plan, says):
    lesson = all_to_the_right()
    with pytest.raises(GansmithError, match=says):
        weigh(plan, lesson.p, lesson.q, cost_of(lesson))


def test_random_plans_have_their_marginals_or_none():
    rng = torch.Generator().manual_seed(1)
    plan = random_plan(torch.tensor([3, 1, 2]), torch.tensor([2, 4]), rng)
    assert plan.sum(1).tolist() == [3, 1, 2] and plan.sum(0).tolist() == [2, 4]
    with pytest.raises(GansmithError, match="3 of earth cannot fill 4"):
        random_plan(torch.tensor([3]), torch.tensor([2, 2]), rng)
