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


def test_every_interval_lies_within_0_and_1_and_holds_the_share():
    """Rounding takes that of 16 of 16 beyond 1."""
    for count in range(1, 60):
        for right in {0, count // 3, count}:
            found = guesses(right, count, 0.1)
            assert 0 <= found.low <= found.share <= found.high + 1e-12 and found.high <= 1 and 0 <= found.p <= 1
    assert guesses(16, 16).high == 1 and guesses(0, 3, 0.1).p == 1


def test_a_picture_that_each_cue_calls_as_likely_real_is_given_away_by_none():
    rng = torch.Generator().manual_seed(0)
    real, other = torch.rand(30, 3, 16, 16, generator=rng), torch.rand(30, 3, 16, 16, generator=rng) ** 3
    found = cues(real)
    assert found.shape == (30, len(CUES)) and given_away(real[0], found, found) is None
    assert given_away(real[0], found, cues(other)) is None  # each speaks for a real one
    told = given_away(other[0], found, cues(other))
    column = CUES.index(told.cue)
    far = (cues(other[:1])[0, column] - found[:, column].mean()) / found[:, column].std()
    assert told.sigmas == pytest.approx(abs(float(far)), rel=1e-5) and told.more == (far > 0)


@pytest.mark.parametrize(
    ("right", "count", "chance"), [(-1, 3, 0.5), (4, 3, 0.5), (1, 3, 0.0), (1, 3, 1.0), (1, 3, float("nan"))]
)
def test_what_no_guesses_can_be_is_one_line(right, count, chance):
    with pytest.raises(GansmithError, match="guesses at chance"):
        guesses(right, count, chance)


def test_cues_measure_what_their_names_say():
    """Of a picture whose parts are known: logarithms, a ten-thousandth added."""
    ramp = torch.linspace(-1, 1, 11).expand(1, 3, 11, 11)
    edge, grain, colour, asymmetry, contrast = (cues(ramp)[0].exp() - 1e-4).tolist()
    assert (edge, grain, colour) == pytest.approx((0.2, 0, 0), abs=1e-5)
    assert asymmetry == pytest.approx(float((ramp - ramp.flip(3)).abs().mean()), abs=1e-5)
    assert contrast == pytest.approx(float(ramp[0, 0].std()), abs=1e-5)
    bent = (torch.arange(11.0) ** 2 / 100).expand(1, 3, 11, 11)
    assert float(cues(bent)[0, 1].exp()) == pytest.approx(0.02 + 1e-4, rel=1e-3)  # the second difference
    red = torch.stack([torch.ones(4, 4), torch.zeros(4, 4), torch.full((4, 4), -1.0)])[None]
    assert float(cues(red)[0, 2].exp()) == pytest.approx((2 / 3) ** 0.5 + 1e-4, rel=1e-5)


def test_where_all_real_pictures_are_alike_a_spread_stands_for_none():
    picture = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    own = cues(picture[None])
    real, fake = own.repeat(4, 1), own.repeat(4, 1)
    real[:, 2] -= 3e-6
    told = given_away(picture, real, fake)
    assert told is not None and told.cue == CUES[2] and told.more
    assert told.sigmas == pytest.approx(float(own[0, 2] - real[0, 2]) / 1e-6, rel=1e-3)
