"""The data sheet: what is there, what was passed over, what is there twice, and what a run would do with it."""

import json

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def pets(here):
    """Six pictures of two classes: one of them twice, one nearly so, and a file that is none."""
    shades = np.random.default_rng(0).integers(0, 256, (4, 16, 16), dtype=np.uint8)
    near = shades[0].copy()
    near[0, 0] ^= 1
    for i, shade in enumerate([shades[0], shades[1], shades[2], shades[3], shades[1], near]):
        (here / "pets" / ("cat" if i < 2 else "dog")).mkdir(parents=True, exist_ok=True)
        Image.fromarray(shade).save(here / "pets" / ("cat" if i < 2 else "dog") / f"{i}.png")
    (here / "pets" / "notes.txt").write_text("none")
    return here / "pets"


def test_a_sheet_for_people(command, pets):
    code, out, _ = command("data", pets)
    assert code == 0
    assert out.splitlines() == [
        "pets: 6 images, 16x16, gray; labels: cat, dog",
        "numbers: bytes, in memory (0.0 MiB); networks see -1 to 1",
        "classes: cat 33.3%, dog 66.7%",
        "passed over: 1 no pictures (.txt)",
        "twice: of 6 samples, 1 are copies of another, and 1 are nearly like another",
        f"gansmith train dcgan --data {pets}: at 16x16 pixels, 1,500 steps of 128, each sample about 32,000.0 times; "
        "cdcgan takes the labels",
    ]


def test_a_sheet_for_programs_and_a_contact_sheet(command, pets, here):
    code, out, _ = command("data", pets, "--json", "--preview", "p.png", "--image-size", 8)
    facts = json.loads(out)
    assert code == 0 and facts["classes"] == {"cat": 0.333333, "dog": 0.666667} and facts["shape"] == [1, 8, 8]
    assert (facts["count"], facts["exact_duplicates"], facts["unlabelled"]) == (6, 2, 0)  # at 8 pixels
    assert Image.open(here / "p.png").mode == "RGB"


def test_columns_of_vectors(command, here):
    rows = np.arange(20.0).reshape(10, 2) * [1, 1000]
    np.savez("a.npz", x=rows, y=np.array([0, 1, -1, 0, 1] * 2))
    facts = json.loads(command("data", "a.npz", "--json")[1])
    assert facts["columns"][0] == {"mean": 9.0, "deviation": pytest.approx(5.744563)}
    assert (facts["least"], facts["largest"], facts["unlabelled"]) == (0, 19000, 2)
    assert "column 1: mean 10000, deviation 5744.56" in command("data", "a.npz", "--preview", "v.png")[1]
    assert Image.open(here / "v.png").size == (500, 530)


def test_questions_are_answered_by_flags(command, mistake, here):
    np.save("a.npy", np.random.default_rng(0).random((6, 4, 12)))
    assert "could be images 12x4, which --fit pad, stretch or crop makes square" in mistake("data", "a.npy")
    for flags, told in (
        (["--fit", "pad", "--background", "black"], "a.npy: 6 images, 12x12, gray; no labels"),
        (["--as", "vectors"], "a.npy: 6 vectors of 48 numbers; no labels"),
    ):
        assert command("data", "a.npy", *flags)[1].splitlines()[0] == told
    assert "unknown flag '--fitt': did you mean '--fit'?" in mistake("data", "a.npy", "--fitt", "pad")
