"""Values are read in a field's own type, or what it takes is said."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from gansmith.errors import GansmithError
from gansmith.settings.values import checked, expanded, from_words, wanted


@pytest.mark.parametrize(
    ("hint", "words", "value"),
    [
        (int, "3", 3),
        (float, "3", 3.0),
        (float, "-1e-3", -1e-3),
        (str, "3", "3"),
        (bool, "", True),
        (bool, "False", False),
        (str | None, "None", None),
        (int | None, "5", 5),
        (tuple[float, float] | None, "0 .9", (0.0, 0.9)),
        (tuple[str, ...], "a b c", ("a", "b", "c")),
        (tuple[Path, ...], "a", (Path("a"),)),
        (Literal["one", "two"], "two", "two"),
        (str, "two words", "two words"),
    ],
)
def test_words_are_read(hint, words, value):
    read = from_words("--x", hint, words.split())
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize(
    ("hint", "words", "told"),
    [
        (int, "", "--x needs a value: a whole number"),
        (int, "3.0", "--x 3.0: must be a whole number"),
        (int, "3 4", "--x 3 4: must be a whole number"),
        (float, "nan", "--x nan: must be a number"),
        (float, "inf", "--x inf: must be a number"),
        (float, "None", "--x None: must be a number"),
        (bool, "1", "--x 1: must be True or False"),
        (tuple[float, float], "1", "--x 1: must be two numbers"),
        (tuple[float, float], "1 2 3", "--x 1 2 3: must be two numbers"),
        (Literal["one", "two"], "three", "--x three: must be one of one, two"),
    ],
)
def test_words_that_mean_nothing_are_told(hint, words, told):
    with pytest.raises(GansmithError) as caught:
        from_words("--x", hint, words.split())
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("hint", "value", "own"),
    [
        (float, 5, 5.0),
        (int, np.int64(9), 9),
        (float, np.float32(0.5), 0.5),
        (str, Path("a") / "b", str(Path("a/b"))),
        (tuple[float, float] | None, (0, np.float64(0.9)), (0.0, 0.9)),
        (tuple[str, ...], ("a", "b"), ("a", "b")),
        (int | None, None, None),
    ],
)
def test_values_are_taken_in_the_fields_own_type(hint, value, own):
    taken = checked("x", hint, value)
    assert taken == own and type(taken) is type(own)


@pytest.mark.parametrize(
    ("hint", "value", "told"),
    [
        (int, 5.0, "x = 5.0 must be a whole number"),
        (int, True, "x = True must be a whole number"),
        (float, float("nan"), "x = nan must be a number"),
        (float, 1j, "x = 1j must be a number"),
        (bool, 1, "x = 1 must be True or False"),
        (str, 5, "x = 5 must be text"),
        (tuple[float, float] | None, (0.5,), "x = (0.5,) must be two numbers or None"),
        (tuple[float, float] | None, 0.5, "x = 0.5 must be two numbers or None"),
        (Literal["hinge", "margin"], "hing", "unknown value for x 'hing': did you mean 'hinge'?"),
        (Literal["hinge", "margin"], ["hinge"], "x = ['hinge'] must be one of hinge, margin"),
    ],
)
def test_values_that_are_not_taken_are_told(hint, value, told):
    with pytest.raises(GansmithError) as caught:
        checked("x", hint, value)
    assert str(caught.value).startswith(told)


def test_what_is_wanted_is_said_in_words():
    assert wanted(int | None) == "a whole number or None" and wanted(tuple[str, ...]) == "one value or more"


def test_paths_lead_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    assert expanded("~/x") == Path("/home/somebody/x") and expanded("x") == Path("x")
    with pytest.raises(GansmithError, match="~no-such-user/x: there is no such home folder; write the path in full"):
        expanded("~no-such-user/x")
