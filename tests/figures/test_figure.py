"""What a figure is, how it is written down, and how captions are laid out."""

import numpy as np
import pytest
from PIL import Image

from gansmith.errors import GansmithError
from gansmith.figures import FIGURES, Figure, figure
from gansmith.figures.figure import picture, print_sheet, sheet, typeset


@pytest.fixture
def film():
    return Figure([Image.new("RGB", (40, 30), colour) for colour in ("red", "lime", "blue", "black")], "caption")


def test_a_film_is_written_as_frames_side_by_side_or_moving(film, tmp_path):
    film.save(tmp_path / "new" / "film.png")
    page = np.asarray(Image.open(tmp_path / "new" / "film.png").convert("RGB"))
    assert page.shape == (60, 120, 3)
    assert page[15, [20, 60, 100]].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    assert page[45, [20, 60]].tolist() == [[0, 0, 0], [255, 255, 255]]
    film.save(tmp_path / "film.gif")
    assert Image.open(tmp_path / "film.gif").n_frames == 4


def test_no_other_format(film, tmp_path):
    with pytest.raises(GansmithError, match=r"use FILE.png, FILE.gif, FILE.pdf or FILE.svg"):
        film.save(tmp_path / "film.jpg")
    with pytest.raises(GansmithError, match=r"a film is FILE.gif"):
        film.save(tmp_path / "film.svg")
    assert not list(tmp_path.iterdir())


def test_lines_stay_lines_and_bytes_the_same(tmp_path):
    for name, sign in (("a.pdf", b"%PDF"), ("a.svg", b"<?xml")):
        for folder in ("one", "two"):
            Figure([print_sheet(sheet(), "p_r and D*")], "").save(tmp_path / folder / name)
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two and one.startswith(sign)
    assert b"<path" in one and b"<image" not in one


def test_dots_an_inch():
    drawn = Figure([print_sheet(sheet(), "caption")], "")
    (small,), (large,) = drawn.pictures(100), drawn.pictures(200)
    assert large.size == tuple(2 * side for side in small.size)


def test_a_caption_is_mathtext():
    """Every name with something below or above it, and nothing else."""
    assert typeset("η_Dη_G, max_D V(D*) = x^2.5, E_θ f, p_12") == (
        "$η_D$$η_G$, max$_D$ V($D^*$) = x$^{2.5}$, $E_θ$ f, $p_{12}$"
    )
    assert typeset("W₁ = |θ|, 3 * 4, a-b") == "W₁ = |θ|, 3 * 4, a-b"


@pytest.mark.parametrize("lines", [1, 4])
def test_a_caption_lies_whole_below_the_plots(lines):
    bare, drawn = (np.asarray(picture(print_sheet(sheet(2), caption))) for caption in ("", "word " * 23 * lines))
    extra = len(drawn) - len(bare)
    assert extra == pytest.approx(110 * 0.19 * lines, abs=2)
    ink = (drawn < 128).any(axis=2)
    assert ink[-extra - 17 :].any() and not ink[-3:].any() and not ink[:, -3:].any()


def test_unknown_figure_names_the_nearest():
    with pytest.raises(GansmithError, match="did you mean 'transport'"):
        figure("tranport")


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_in_one_line_what_it_is(name):
    line = FIGURES[name].__doc__.splitlines()[0]
    assert 30 < len(line) < 120 and line.endswith(".")
