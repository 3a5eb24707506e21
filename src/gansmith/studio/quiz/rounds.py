"""The questions of a game: pictures, which of them is real, and how one could have known."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from gansmith.data.dataset import randomness
from gansmith.generators.trained import TrainedGenerator
from gansmith.metrics.guessing import GivenAway, cues, given_away, guesses
from gansmith.studio.pictures import Real, generator, png, real_of

ROUNDS = 20
SAMPLES = 200  # pictures that tell what is usual
MANY = 1_000_000  # pictures of a game are none of another's


@functools.lru_cache(maxsize=8)
def game(name: str, size: int, number: int) -> list[dict[str, Any]]:
    """Return the questions of a game: of each its pictures, the place of the real one, what gives others away, and
    which of them is the plainest.

    Args:
        name: of a generator.
        size: pictures in a question.
        number: of the game; the same number has the same questions.

    Raises:
        GansmithError: if there are no such pictures.
    """
    gan = generator(name)
    real = real_of(gan)
    usual_real, usual_fake = _usual(name)
    genuine = real(number % MANY * ROUNDS + SAMPLES, ROUNDS).float()
    made = gan.sample(ROUNDS * (size - 1), seed=number + 1)
    places = torch.randint(size, (ROUNDS,), generator=randomness(number, "places", 0)).tolist()
    questions = []
    for i, place in enumerate(places):
        fakes = made[i * (size - 1) : (i + 1) * (size - 1)]
        shown = [*fakes[:place], genuine[i], *fakes[place:]]
        found = [given_away(picture, usual_real, usual_fake) for picture in fakes]
        why, plainest = [*map(_why, found)], _plainest(found)
        why = [*why[:place], "", *why[place:]]
        plainest += plainest >= place
        questions.append({"pictures": [*map(png, shown)], "real": place, "why": why, "plainest": plainest})
    return questions


def scores(size: int) -> list[list[Sequence[float]]]:
    """Return, for each number of answers and of right ones, the share, its interval, and the chance of so many."""
    return [[guesses(right, count, 1 / size)[1:] for right in range(count + 1)] for count in range(ROUNDS + 1)]


def _plainest(found: Sequence[GivenAway | None]) -> int:
    """Return which picture is given away by the strongest cue."""
    return max(range(len(found)), key=lambda i: -1.0 if (one := found[i]) is None else one.sigmas)


def _why(found: GivenAway | None) -> str:
    if found is None:
        return "nothing that is measured here gives it away"
    far = f"{found.sigmas:.1f} of their deviations away"
    return f"{'more' if found.more else 'less'} {found.cue} than real ones have, {far}"


@functools.lru_cache(maxsize=4)
def _usual(name: str) -> tuple[Tensor, Tensor]:
    """Return cues of real pictures and of generated ones."""
    gan: TrainedGenerator = generator(name)
    real: Real = real_of(gan)
    return cues(real(0, SAMPLES).float()), cues(gan.sample(SAMPLES, seed=0))
