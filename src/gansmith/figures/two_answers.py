"""A question with two answers: squared error says their mean, the adversary one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gansmith.dynamics import Alternating
from gansmith.figures.figure import BLUE, GRAY, GREEN, ORANGE, Figure, print_sheet, sheet
from gansmith.games.gan import GAN
from gansmith.games.optimizers import Adam
from gansmith.generators import Prior
from gansmith.networks import MLP
from gansmith.recipes.composition import Recipe
from gansmith.settings import Count
from gansmith.streams import forked
from gansmith.terms import R1, Adversarial, Answer
from gansmith.theory.answers import adversary, of_one_answer, squared_error
from gansmith.theory.divergences import js
from gansmith.training.assemble import build_game

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Sheet

    from gansmith.games.round import Round

STEPS, BATCH, BLUR, RATE = 1500, 128, 0.1, 2e-3
NEAR = 3 * BLUR  # of a target


def game_of(terms: Sequence[object], adversarial: bool) -> GAN:
    """Return a game of answers G(z) on the line, z ~ N(0, 1), with these terms."""
    adam = Adam(RATE, (0.5, 0.99))
    names = ("discriminator", "generator") if adversarial else ("generator",)
    recipe = Recipe("two answers", vectors=MLP(32, 2, 2), prior=Prior(1), terms=tuple(terms),
                    players=dict.fromkeys(names, adam))  # fmt: skip
    return build_game(recipe, (1,), torch.device("cpu"))


def played(game: GAN, steps: int = STEPS, seed: int = 0) -> Tensor:
    """Play a game on the two targets, blurred, rates falling as a cosine; return answers (4000,) to fresh noise."""
    rng = torch.Generator().manual_seed(seed)

    def batches() -> Iterator[Round]:
        while True:
            x = torch.randint(2, (BATCH, 1), generator=rng) * 2 - 1 + BLUR * torch.randn(BATCH, 1, generator=rng)
            yield game.round(x, torch.randn(BATCH, 1, generator=rng), rng=rng)

    endless = batches()
    for step in range(steps):
        for player in game.players.values():
            for group in player.optimizer.param_groups:
                group["lr"] = RATE * (1 + math.cos(math.pi * step / steps)) / 2
        Alternating().step(game, endless)
    with torch.no_grad():
        found: Tensor = game.networks["generator"](torch.randn(4000, 1, generator=rng)).squeeze(1)
    return found


def two_answers(steps: Count = STEPS) -> Figure:
    """A question with two answers, −1 and 1: squared error says their mean, the adversary one of them.

    Args:
        steps: of either generator.
    """
    with forked(0):
        by_error = played(game_of([Answer()], adversarial=False), steps)
        by_adversary = played(game_of([Adversarial(), R1(0.1)], adversarial=True), steps)
    numbers = {
        "answer of squared error": float(by_error.mean()),
        "its deviation": float(by_error.std()),
        "its share near a target": _near(by_error),
        "share of the adversary near a target": _near(by_adversary),
        "of them near 1": float((by_adversary > 0).double().mean()),
        "2 JS − log 4 of one answer": 2 * of_one_answer(2) - math.log(4),
        "2 JS − log 4 of the mean": adversary(0.0, BLUR),
        "2 JS − log 4 at 1": adversary(1.0, BLUR),
        "2 JS − log 4 of what the adversary answers": value_of(by_adversary),
    }
    caption = (
        f"Targets −1 and 1, half of the time each. Left: E(x − a)² = 1 + a² is least at the mean 0, which never "
        f"occurs; max_D V is largest there, 0, and least at either target, "
        f"(3/2) log(4/3) − log 4 = −{-numbers['2 JS − log 4 of one answer']:.3f}; only both answers, by noise, "
        f"reach −log\u00a04 = −1.386. Right, networks after {steps:,} steps: squared error answers "
        f"{numbers['answer of squared error']:.2f} ± {numbers['its deviation']:.2f}; of the adversary's answers "
        f"{numbers['share of the adversary near a target']:.0%} lie near a target, "
        f"{numbers['of them near 1']:.0%} on the right, and 2 JS − log\u00a04 of all of them is "
        f"{numbers['2 JS − log 4 of what the adversary answers']:.2f}. Seed 0, minibatches of {BATCH}, Adam at "
        f"{RATE:g} falling as a cosine."
    ).replace(" -", " −")
    return Figure([print_sheet(_drawn(by_error, by_adversary), caption)], caption, numbers)


def value_of(answers: Tensor) -> float:
    """Return 2 JS − log 4 of answers and blurred targets, both as shares of 64 cells of [−1.6, 1.6]."""
    edges = torch.linspace(-1.6, 1.6, 65, dtype=torch.float64)
    below = sum(torch.special.ndtr((edges - target) / BLUR) for target in (-1, 1)) / 2
    assert isinstance(below, Tensor)
    shares = torch.histc(answers.double().clamp(-1.6, 1.6), 64, -1.6, 1.6) / len(answers)
    return 2 * js(below.diff() / below.diff().sum(), shares) - math.log(4)


def _near(answers: Tensor) -> float:
    return float(((answers.abs() - 1).abs() < NEAR).double().mean())


def _drawn(by_error: Tensor, by_adversary: Tensor) -> Sheet:
    drawn = sheet(2, width=4.6, height=3.4)
    costs, answers = drawn.axes
    a = torch.linspace(-2, 2, 161, dtype=torch.float64)
    costs.plot(a, squared_error(a), color=ORANGE, label="E(x − a)²")
    costs.plot(a, [adversary(float(one), BLUR) for one in a], color=BLUE, label="max$_D$ V, D at its best")
    costs.plot([0], [1], "o", color=ORANGE)
    costs.plot([-1, 1], [adversary(one, BLUR) for one in (-1.0, 1.0)], "o", color=BLUE)
    costs.set(title="What an answer costs", xlabel="answer a", ylim=(-1.6, 5))
    costs.legend(loc="upper center")
    bins = torch.linspace(-1.6, 1.6, 65).tolist()
    x = torch.linspace(-1.6, 1.6, 321)
    density = sum(torch.exp(-((x - t) / BLUR).square() / 2) for t in (-1, 1)) / (2 * BLUR * math.sqrt(2 * math.pi))
    answers.fill_between(x, density, color=GRAY, alpha=0.3, linewidth=0, label="targets")
    for values, colour, name in ((by_error, ORANGE, "squared error"), (by_adversary, GREEN, "adversary")):
        answers.hist(values.numpy(), bins, density=True, histtype="step", color=colour, linewidth=1.5, label=name)
    answers.set(title="What networks answer", xlabel="answer", ylabel="density", ylim=(0, 8))
    answers.legend(loc="upper right")
    return drawn
