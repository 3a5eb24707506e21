"""The game of two answers ends where its closed form says."""

import math

import pytest
import torch

from gansmith.figures.two_answers import game_of, played, two_answers
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


FOUND: dict[str, float] = {}
