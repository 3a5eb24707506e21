"""`gansmith theory`: lists figures, draws one or all, and says what was found."""

import inspect

import pytest
from PIL import Image

from gansmith import figures
from gansmith.cli.help import verb_help
from gansmith.cli.theory import with_numbers
from gansmith.figures import FIGURES, Figure
from gansmith.settings.components import helps


def test_lists_every_figure_in_one_line(command):
    code, out, err = command("theory")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == list(FIGURES)
    assert all(len(line.split()) > 5 for line in out.splitlines())


def test_draws_one(command, here):
    code, out, _ = command("theory", "losses")
    assert code == 0 and out.startswith("losses.png: D = σ(s)")
    assert Image.open(here / "losses.png").size[0] > 1000
    command("theory", "losses", "--out", here / "new" / "curves.gif")
    assert Image.open(here / "new" / "curves.gif").format == "GIF"


def test_what_nobody_named_replaces_no_file(command, here):
    (here / "losses.png").write_text("precious")
    for _ in range(2):  # the same figure again is no other file
        code, out, _ = command("theory", "losses")
        assert code == 0 and out.startswith("losses-2.png: ")
    assert (here / "losses.png").read_text() == "precious"
    assert {path.name for path in here.iterdir()} == {"losses.png", "losses-2.png"}


def test_a_figures_own_numbers_are_flags(command, here):
    code, out, _ = command("theory", "hand-walk", "--eta", "0.5", "--out", "walk.svg")
    assert code == 0 and "η = 0.5" in out and (here / "walk.svg").read_text().startswith("<?xml")
    code, out, _ = command("theory", "hand-walk", "--help")
    assert code == 0 and "--eta" in out and "--dpi" in out
    command("theory", "hand-walk", "--dpi", "55", "--out", "small.png")
    command("theory", "hand-walk", "--out", "usual.png")
    small, usual = (Image.open(here / f"{name}.png").size for name in ("small", "usual"))
    assert usual[0] == pytest.approx(2 * small[0], abs=2)


@pytest.mark.parametrize("name", FIGURES)
def test_every_number_of_a_figure_is_described_in_its_help(name):
    kind = with_numbers(FIGURES[name])
    assert set(inspect.signature(FIGURES[name]).parameters) <= {one for one, said in helps(kind).items() if said}
    told = verb_help(kind, f"theory {name}")
    assert "Args" not in told and all(f"--{one}" in told for one in inspect.signature(FIGURES[name]).parameters)


def test_what_takes_long_says_so_first(command, monkeypatch):
    picture = Figure([Image.new("RGB", (8, 8))], "one")
    monkeypatch.setattr(figures, "FIGURES", {"clipping": lambda: picture})
    _, out, _ = command("theory", "clipping")
    assert out.splitlines()[0] == f"clipping: takes about {figures.SECONDS['clipping']} s"


def test_every_time_is_of_a_figure():
    assert set(figures.SECONDS) <= set(FIGURES)


def test_draws_all_into_a_folder(command, here, monkeypatch):
    frame = Image.new("RGB", (8, 8))
    monkeypatch.setattr(
        figures, "FIGURES", {"picture": lambda: Figure([frame], "one"), "film": lambda: Figure([frame] * 2, "two")}
    )
    code, out, _ = command("theory", "all", "--out", "drawn")
    assert code == 0 and out == "drawn/picture.png: one\ndrawn/film.gif: two\n"
    assert {path.name for path in (here / "drawn").iterdir()} == {"picture.png", "film.gif"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["lossses"], "did you mean 'losses'"),
        (["losses", "--out", "curves.jpg"], "--out curves.jpg: use FILE.png, FILE.gif, FILE.pdf or FILE.svg"),
        (["all", "--out", "curves.png"], "--out curves.png: all figures need a folder"),
        (["hand-walk", "--eta", "-1"], "eta = -1 must be more than 0"),
        (["hand-walk", "--theta", "1"], "unknown flag '--theta'"),
        (["rotation", "--dpi", "5"], "dpi = 5 must be at least 30"),
    ],
)
def test_mistakes(mistake, arguments, says):
    assert says in mistake("theory", *arguments)
