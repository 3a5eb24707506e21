"""docs/course/networks.md says what its numbers say, and the numbers say what the text says."""

import json
import statistics
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "course"
NUMBERS = json.loads((DOCS / "networks.json").read_text(encoding="utf-8"))


@pytest.fixture
def page(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    from lecture import page

    yield page
    for name in [name for name in sys.modules if name.partition(".")[0] == "lecture"]:
        del sys.modules[name]


def test_the_tables_are_those_of_the_numbers(page):
    text = (DOCS / "networks.md").read_text(encoding="utf-8")
    assert page.between(text, "competence", page.competence_table(NUMBERS["competence"])) == text
    if "ring-rates" in NUMBERS:
        assert (
            page.between(text, "rates", page.rates_table(NUMBERS["ring-rates"], NUMBERS.get("mnist-rates", {}))) == text
        )


def test_d_is_surer_the_more_steps_it_has():
    right = [statistics.fmean(run["right"] for run in NUMBERS["competence"][k]) for k in "1234"]
    assert 0.5 < right[0] < right[-1] < 1


def test_no_cure_of_rotation_helps_at_this_budget():
    ring = {k: statistics.fmean(run["high quality"] for run in runs) for k, runs in NUMBERS["ring-rates"].items()}
    fid = {k: statistics.fmean(run["fid"] for run in runs) for k, runs in NUMBERS["mnist-rates"].items()}
    assert max(ring, key=ring.get) == min(fid, key=fid.get) == "onerateforboth"
    assert all(len(runs) == 3 for part in ("ring-rates", "mnist-rates") for runs in NUMBERS[part].values())


def test_figures_draw_every_seed(page):
    drawn = page.competence_figure(NUMBERS["competence"]).frames[0]
    dots = [y for line in drawn.axes[1].lines if line.get_marker() == "." for y in line.get_ydata()]
    assert sorted(dots) == sorted(run["high quality"] for runs in NUMBERS["competence"].values() for run in runs)
