"""Text survives whatever holds it: streams of any encoding, closed ones, and files on any system."""

import ast
import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from gansmith.cli import main as door
from gansmith.cli.tables import show
from gansmith.cli.text import ERRORS, readable, spelled, survive
from gansmith.recipes import RECIPES

SOURCE = Path(__file__).parents[2] / "src" / "gansmith"


@pytest.fixture
def narrow(monkeypatch):
    """Makes stdout a stream of an encoding, and returns what is written into it."""

    def make(encoding):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
        monkeypatch.setattr(sys, "stdout", stream)
        return lambda: stream.buffer.getvalue().decode(encoding)

    return make


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "koi8-r"])
def test_every_help_and_list_survives(narrow, encoding):
    written = narrow(encoding)
    for words in (["recipes"], ["data"], ["theory"], ["--help"], ["sweep", "nsgan", "--help"]):
        assert door.main(words) == 0
    for name in RECIPES:
        assert door.main(["train", name, "--help-all"]) == 0
    text = written()
    assert "the generator maximises log D(G(z))" in text and "K classes make K" in text and "?" not in text


def test_a_real_process_writes_into_an_ascii_pipe():
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    for words in (["recipes"], ["train", "infogan", "--help"]):
        done = subprocess.run([sys.executable, "-m", "gansmith", *words], env=environment, capture_output=True)
        assert done.returncode == 0 and done.stderr == b"" and done.stdout.decode("ascii")


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_figures_of_an_evaluation_are_not_lost_in_their_table(command, narrow, encoding, run):
    written = narrow(encoding)
    assert command("compare", run, run, "--samples", 40)[0] == 0
    assert command("evaluate", run, "--samples", 40)[0] == 0
    text = written()
    assert ("FID∞" if encoding == "utf-8" else "FIDinf") in text and "sliced Wasserstein-2" in text


def test_columns_stay_straight_where_letters_become_longer(narrow):
    written = narrow("ascii")
    show("", ["metric", "value"], [["σ", "1 ± 2"], ["a", "1"]])
    lines = written().splitlines()
    assert "sigma" in written() and "+-" in written() and len({len(line) for line in lines}) == 1


def test_every_symbol_of_ours_can_be_spelled():
    used = {letter for path in SOURCE.rglob("*.py") for letter in path.read_text(encoding="utf-8")}
    lost = {letter for letter in used if not letter.isascii() and spelled(letter) in ("?", "")}
    assert not {letter for letter in lost if not unicodedata.combining(letter)}
    assert all(spelled(letter).isascii() for letter in used)
    assert readable("naïve K³ ≥ √λ₁ → 字", "ascii") == "naive K^3 >= sqrt lambda1 -> ?"


def test_a_path_whose_name_is_no_text_goes_out_as_the_bytes_it_is():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    survive(stream)
    print(os.fsdecode(b"r\xff\xc3\xa9"), file=stream)
    assert stream.buffer.getvalue() == b"r\xff\xc3\xa9" + os.linesep.encode()


def test_who_has_chosen_otherwise_keeps_it():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="xmlcharrefreplace")
    survive(stream)
    assert stream.errors == "xmlcharrefreplace"
    survive(None)
    survive(io.StringIO())
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", ERRORS)


@pytest.mark.parametrize("words", [["recipes"], ["--help"], ["train", "nsgan", "--help"]])
def test_closed_streams_are_no_mistake(words):
    code = f"import sys; sys.stdout = sys.stderr = None; from gansmith.cli.main import main; sys.exit(main({words!r}))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_a_run_whose_name_is_no_text_is_refused_before_its_first_step(mistake):
    small = ["--data", "ring", "--steps", 1, "--hidden", 4, "--device", "cpu"]
    assert "the name is no text in UTF-8" in mistake("train", "nsgan", *small, "--out", os.fsdecode(b"r\xff"))


def test_every_file_of_text_names_its_encoding():
    """What a system takes for text otherwise is its own affair: cp1252 here, UTF-8 there."""
    wrong = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if not call.endswith(("read_text", "write_text", "open")) or call.startswith(("os.", "Image.", "archive.")):
                continue
            modes = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
            encoded = "encoding" in {keyword.arg for keyword in node.keywords}
            ours = call in ("_open", "safe_open")
            if not (encoded or ours or any("b" in mode for mode in modes)):
                wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert not wrong


def test_a_long_setting_stays_apart_from_what_is_said_of_it():
    from gansmith.cli.help import _short
    from gansmith.recipes import recipe
    from gansmith.settings.flat import View

    view = View(recipe("normal1d-literal"))
    line = _short(view, "vectors.discriminator_activation", view.settings)
    assert line.startswith("  --vectors.discriminator-activation silu  Activation of")
    assert _short(view, "lr", view.settings).index("Learning") == 30
