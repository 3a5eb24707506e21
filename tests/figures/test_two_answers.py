"""The game of two answers ends where its closed form says."""

import math

import pytest
import torch

from gansmith.figures.two_answers import game_of, played, two_answers, value_of
from gansmith.games import GAN, Player
from gansmith.games.game import descend
from gansmith.terms import R1, Adversarial, Answer
from gansmith.theory.answers import of_one_answer


class Point(torch.nn.Module):
    """An answer that knows no noise."""

    def __init__(self, answer):
        super().__init__()
        self.answer = torch.nn.Parameter(torch.tensor(answer, dtype=torch.float64))

    def forward(self, z):
        return self.answer.expand(len(z), 1)


def test_squared_error_contracts_to_the_mean_of_both_answers_by_1_minus_2_eta():
    point, rate = Point(0.9), 0.1
    game = GAN({"generator": point}, {"generator": Player(torch.optim.SGD(point.parameters(), lr=rate))}, [Answer()])
    x = torch.tensor([[-1.0], [1.0]], dtype=torch.float64)
    for step in range(1, 6):
        cost = descend(game, "generator", game.round(x, torch.zeros(2, 1, dtype=torch.float64)))
        assert cost.item() == pytest.approx(1 + (0.9 * (1 - 2 * rate) ** (step - 1)) ** 2, rel=1e-12)
        assert point.answer.item() == pytest.approx(0.9 * (1 - 2 * rate) ** step, rel=1e-12)


def test_a_trained_discriminator_comes_to_the_value_of_one_answer():
    torch.manual_seed(0)
    judge = game_of([Adversarial()], adversarial=True).networks["discriminator"]
    point = Point(1.0).float()
    players = {
        "discriminator": Player(torch.optim.Adam(judge.parameters(), lr=0.01)),
        "generator": Player(torch.optim.SGD(point.parameters(), lr=1.0)),  # who does not move
    }
    game = GAN({"generator": point, "discriminator": judge}, players, [Adversarial()])
    x = torch.tensor([[-1.0], [1.0]])
    costs = [descend(game, "discriminator", game.round(x, torch.zeros(2, 1))).item() for _ in range(600)]
    value = 2 * of_one_answer(2) - math.log(4)
    assert -value < costs[-1] < -value + 0.01 < costs[0] - 0.1  # from below: no discriminator reaches more


def test_the_value_of_answers_is_that_of_both_targets_of_one_and_of_the_mean():
    noise = torch.randn(200_000, generator=torch.Generator().manual_seed(0)) / 10
    both = noise + torch.tensor([-1.0, 1.0]).repeat(100_000)
    assert value_of(both) == pytest.approx(-math.log(4), abs=2e-3)
    assert value_of(noise + 1) == pytest.approx(2 * of_one_answer(2) - math.log(4), abs=2e-3)
    assert value_of(noise) == pytest.approx(0, abs=2e-3)


def test_networks_by_squared_error_say_the_mean_and_by_an_adversary_one_of_both():
    torch.manual_seed(0)
    mean = played(game_of([Answer()], adversarial=False), 300)
    assert mean.abs().max() < 0.15
    answers = played(game_of([Adversarial(), R1(0.1)], adversarial=True), 500)
    assert ((answers.abs() - 1).abs() < 0.5).double().mean() > 0.85
    assert 0.3 < (answers > 0).double().mean() < 0.7  # its noise lets it say both


@pytest.mark.parametrize("name", ["2 JS − log 4 of one answer", "2 JS − log 4 at 1"])
def test_the_figure_s_numbers(name):
    numbers = FOUND or FOUND.update(two_answers().numbers) or FOUND
    assert numbers[name] == pytest.approx(2 * of_one_answer(2) - math.log(4), abs=1e-4)
    assert abs(numbers["answer of squared error"]) < 0.05 and numbers["its share near a target"] == 0
    assert numbers["share of the adversary near a target"] > 0.9
    assert (
        -math.log(4) < numbers["2 JS − log 4 of what the adversary answers"] < 2 * of_one_answer(2) - math.log(4) - 0.05
    )


FOUND: dict[str, float] = {}
