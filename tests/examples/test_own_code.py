"""The examples of own code run as their docstrings say."""

import runpy
from pathlib import Path

import pytest

from gansmith.cli.main import main

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(EXAMPLES)


def gansmith(words):
    assert main(words.split()) == 0


def test_a_term_a_callback_and_a_metric_by_command(tmp_path, capsys):
    run = tmp_path / "run"
    gansmith(
        "train dcgan --term own_term:Smoothness --smoothness 0.05 --callback own_callback:Spread --spread.every 2 "
        f"--width 4 --image-size 8 --batch 8 --steps 4 --evaluate-every 0 --device cpu --out {run}"
    )
    out = capsys.readouterr().out
    assert out.count("G's cost") == 2 and "step 4: " in out
    gansmith(f"evaluate {run} --metrics own_metric:spread_ratio --features raw --samples 50")
    assert "spread_ratio" in capsys.readouterr().out


def test_a_loop_of_one_s_own(tmp_path):
    distances = runpy.run_path(str(EXAMPLES / "own_loop.py"))["main"](400)
    assert len(distances) == 4 and distances[-1] < 0.1 < distances[0]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("own_*.py")), ids=lambda path: path.stem)
def test_examples_of_own_code_are_short(path):
    assert len(path.read_text().splitlines()) <= 30
