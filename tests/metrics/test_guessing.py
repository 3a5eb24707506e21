"""Confidence of guesses against scipy, and cues that find what was done to a picture."""

import pytest
import torch
from scipy.stats import binomtest

from gansmith.errors import GansmithError
from gansmith.metrics.guessing import CUES, cues, given_away, guesses


@pytest.mark.parametrize(("right", "count", "chance"), [(0, 5, 0.5), (5, 5, 0.5), (13, 20, 0.5), (4, 20, 1 / 9)])
def test_interval_and_tail_are_those_of_scipy(right, count, chance):
    known = binomtest(right, count, chance, alternative="greater")
    interval = binomtest(right, count).proportion_ci(0.95, "wilson")
    found = guesses(right, count, chance)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-9)
    assert found.p == pytest.approx(known.pvalue) and found.share == right / count


def test_no_guess_tells_nothing_and_nonsense_is_told():
    assert guesses(0, 0)[1:] == (0.0, 1.0, 1.0)
    with pytest.raises(GansmithError, match="3 of 2 guesses"):
        guesses(3, 2)


@pytest.mark.parametrize(
    ("spoil", "cue", "more"),
    [
        (
            lambda x: x + 0.2 * torch.randn(x.shape, generator=torch.Generator().manual_seed(1)),
            {CUES[0], CUES[1], CUES[2]},
            True,
        ),
        (lambda x: 0.3 * x, {CUES[0], CUES[2], CUES[3], CUES[4]}, False),
        (lambda x: x.mean(dim=1, keepdim=True) + 3 * (x - x.mean(dim=1, keepdim=True)), {CUES[2]}, True),
    ],
    ids=["noise", "faint", "gaudy"],
)
def test_what_was_done_to_pictures_is_named(spoil, cue, more):
    from gansmith.data.portraits import draw

    real = draw(0, range(60), 32)[0].float() / 127.5 - 1
    fake = spoil(draw(1, range(60), 32)[0].float() / 127.5 - 1)
    told = [given_away(picture, cues(real), cues(fake)) for picture in fake[:20]]
    named = [(one.cue, one.more) for one in told if one is not None]
    assert sum(name in cue and much is more for name, much in named) >= 15
