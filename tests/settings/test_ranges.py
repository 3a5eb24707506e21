"""Ranges say what they hold, and hold it."""

import math

import pytest

from gansmith.settings import Range, Words


@pytest.mark.parametrize(
    ("limits", "inside", "outside", "said"),
    [
        (Range(least=1), [1, 10**9], [0, -1], "at least 1"),
        (Range(least=0, below=1), [0, 0.999], [-1e-9, 1], "at least 0 and less than 1"),
        (Range(above=0), [1e-9], [0, -1], "more than 0"),
        (Range(above=0, most=1), [1], [0, 1.001], "more than 0 and at most 1"),
        (Range(least=0), [(0, 1), (0.5, 0.999)], [(0, -1), (-1, 0)], "at least 0"),
        (Range(), [-1e300, 0], [math.inf, -math.inf, math.nan], ""),
    ],
)
def test_what_lies_in_a_range(limits, inside, outside, said):
    assert all(value in limits for value in inside) and str(limits) == said
    assert not any(value in limits for value in outside)


def test_words_are_some_of_a_few():
    words = Words("color", "cutout")
    assert "" in words and "cutout" in words and "cutout,color" in words
    assert "colour" not in words and "color cutout" not in words and "color,colour" not in words
    assert str(words) == "any of color, cutout, with commas between them"
