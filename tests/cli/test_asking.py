"""`gansmith sample --labels … --attributes … --codes …`."""

import numpy as np
import pytest

TINY = ["--width", 4, "--batch", 12, "--steps", 2, "--evaluate-every", 0, "--image-size", 8, "--latent", 5]


@pytest.fixture
def drawn(command, once, here):
    """Draws four samples of a recipe's run with some requests and returns them, or what went wrong."""

    def draw(recipe, *words):
        if not (here / recipe).exists():
            once("train", recipe, "--out", recipe, *TINY)
        code, _, err = command("sample", recipe, "--count", 4, "--out", "x.npz", *words)
        return np.load(here / "x.npz")["samples"] if code == 0 else (code, err)

    return draw


def test_labels(drawn):
    mixed, threes, sevens = (drawn("cdcgan", "--labels", text) for text in ("3,3,7,7", "3", "7"))
    assert np.array_equal(mixed[:2], threes[:2]) and np.array_equal(mixed[2:], sevens[2:])
    assert not np.allclose(mixed[2:], threes[2:])


def test_attributes_and_codes(drawn):
    bold, thin = (drawn("attribute-gan", "--attributes", f"bold={v},even=1") for v in (1, 0))
    assert not np.allclose(bold, thin)
    assert np.array_equal(bold, drawn("attribute-gan", "--attributes", "even=1, bold=1.0"))
    one, other = (drawn("infogan", "--codes", f"0=4,1={v}") for v in (-0.5, 0.5))
    assert not np.allclose(one, other)


@pytest.mark.parametrize(
    ("recipe", "words", "line"),
    [
        ("cdcgan", ["--labels", "eleven"], "unknown label 'eleven': Known: 0, 1"),
        ("cdcgan", ["--attributes", "bold=1"], "attributes cannot be asked for: this cdcgan was trained without"),
        ("attribute-gan", ["--attributes", "bold"], "--attributes bold: write NAME=NUMBER with commas between them"),
        ("attribute-gan", ["--attributes", "bald=1"], "unknown attribute 'bald': did you mean 'bold'?"),
        ("infogan", ["--codes", "c=1"], "--codes: 'c' is no code; they are numbered from 0"),
    ],
)
def test_requests_that_cannot_be_met_are_one_line(drawn, recipe, words, line):
    code, err = drawn(recipe, *words)
    assert code == 2 and line in err and len(err.splitlines()) == 1
