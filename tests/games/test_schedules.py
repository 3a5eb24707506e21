"""Courses of learning rates, in closed form."""

import math

import pytest
import torch

from gansmith.games.optimizers import Adam


def rates(steps=8, more=2, **settings):
    """Return the rate at every step, some after the last too."""
    player = Adam(0.1, **settings).build([torch.nn.Parameter(torch.zeros(2))], steps)
    found = []
    for _ in range(steps + 1 + more):
        found.append(float(player.optimizer.param_groups[0]["lr"]))
        if player.schedule is not None:
            player.optimizer.step()
            player.schedule.step()
    return found


@pytest.mark.parametrize("final", [0.0, 0.25])
def test_a_linear_course_falls_by_the_same_at_every_step_and_stays(final):
    expected = [0.1 * (1 - (1 - final) * min(step / 8, 1)) for step in range(11)]
    assert rates(schedule="linear", lr_final=final) == pytest.approx(expected)


@pytest.mark.parametrize("final", [0.0, 0.25])
def test_a_cosine_falls_slowly_at_its_ends(final):
    expected = [0.1 * (final + (1 - final) * (1 + math.cos(math.pi * min(step / 8, 1))) / 2) for step in range(11)]
    assert rates(schedule="cosine", lr_final=final) == pytest.approx(expected)


def test_a_constant_one_has_no_course():
    assert rates(schedule="constant", lr_final=0.25) == [0.1] * 11
