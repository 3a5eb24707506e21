"""docs/course/networks.md says what its numbers say, and the numbers say what the text says."""

import json
import statistics
import sys
from pathlib import Path

import pytest
from PIL import Image
from torch import nn

from gansmith.recipes import recipe
from gansmith.recipes.composition import change
from gansmith.training.assemble import build_networks

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


def test_the_tables_of_parts_that_were_played_are_those_of_the_numbers(page):
    text = (DOCS / "networks.md").read_text(encoding="utf-8")
    for name, table in page.TABLES.items():
        if name in NUMBERS:
            assert page.between(text, name, table(NUMBERS[name])) == text
        assert (DOCS / f"{name}.png").is_file() == (name in NUMBERS)


@pytest.mark.parametrize("row", ["dcgan", "constant", "mlp", "nonorm", "gated", "tanh", "residual"])
def test_every_cell_of_the_architectures_is_a_game(page, row):
    cells = page.architectures
    for column in cells.COLUMNS:
        made = change(recipe(column), {"device": "cpu", **cells.settings(row, column)})
        assert made.training.steps * made.dynamics.n_critic == cells.MOVES
        networks = build_networks(made, (3, 32, 32))
        kinds = [{type(layer) for layer in networks[name].modules()} for name in ("generator", "discriminator")]
        norm = set() if row == "nonorm" else {nn.GroupNorm if column in ("wgan-gp", "r3gan") else nn.BatchNorm2d}
        assert kinds[1] & {nn.GroupNorm, nn.BatchNorm2d} == norm
        assert (nn.BatchNorm2d in kinds[0]) == (row in ("dcgan", "gated", "tanh", "residual"))
    assert set(cells.ROWS) == {"dcgan", "constant", "mlp", "nonorm", "gated", "tanh", "residual"}


def test_a_cell_succeeds_below_the_threshold_alone(page):
    cells = page.architectures
    runs = {
        f"dcgan.{name}": [{"kid": cells.THRESHOLD + off, "seconds": 1.0}]
        for name, off in (("wgan", -1e-4), ("lsgan", 0.0))
    }
    table = cells.table(runs)
    assert cells.succeeds(runs, "dcgan", "wgan") and not cells.succeeds(runs, "dcgan", "lsgan")
    assert not cells.succeeds(runs, "mlp", "wgan") and "| not played | 0.0100 | **0.0099** | not played |" in table


def test_the_most_even_game_is_the_best_and_from_there_on_d_is_surer():
    mean = {
        name: [statistics.fmean(run[name] for run in NUMBERS["competence"][k]) for k in "1234"]
        for name in ("right", "high quality")
    }
    assert 0.5 < mean["right"][1] < mean["right"][2] < mean["right"][3] < 0.8
    assert mean["right"][1] == min(mean["right"]) and mean["high quality"][1] == max(mean["high quality"])
    alone = {run["right"]: run["high quality"] for run in NUMBERS["competence"]["1"]}
    assert [alone[right] for right in sorted(alone)] == sorted(alone.values(), reverse=True)


def test_no_cure_of_rotation_helps_at_this_budget():
    ring = {k: statistics.fmean(run["high quality"] for run in runs) for k, runs in NUMBERS["ring-rates"].items()}
    fid = {k: statistics.fmean(run["fid"] for run in runs) for k, runs in NUMBERS["mnist-rates"].items()}
    assert max(ring, key=ring.get) == min(fid, key=fid.get) == "onerateforboth"
    assert all(len(runs) == 3 for part in ("ring-rates", "mnist-rates") for runs in NUMBERS[part].values())


def test_collapse_is_of_few_or_one_and_its_cures_part_the_samples():
    apart = {k: runs[0]["diversity"] for k, runs in NUMBERS["collapse"].items()}
    assert apart["one-fails"] < 0.01 < 0.2 < apart["few-fails"] < 0.4
    assert 0.5 < apart["one-cured"] < apart["few-cured"] < 0.9
    assert all(NUMBERS["collapse"][f"{k}-cured"][0]["precision"] < 0.3 for k in ("few", "one"))  # not good digits yet


def test_cross_entropy_and_squared_errors_are_level_and_ebgan_is_behind_and_slower():
    fid, seconds = ({k: runs[0][name] for k, runs in NUMBERS["losses"].items()} for name in ("fid", "seconds"))
    assert abs(fid["dcgan"] / fid["lsgan"] - 1) < 0.1 and fid["ebgan"] > 1.4 * fid["lsgan"]
    assert seconds["ebgan"] > 2 * max(seconds["dcgan"], seconds["lsgan"])


def test_g_copies_nothing_and_d_learns_few_digits_by_heart():
    runs = NUMBERS["overfitting"]
    gap = {k: [run["seen"] - run["held"] for run in runs[k]] for k in ("50", "500", "5000")}
    assert max(run["copies"] for k in runs for run in runs[k]) < 0.035
    assert min(gap["50"]) > 0.7 and max(gap["5000"]) < 0.02 < 0.24 < min(gap["500"]) < max(gap["500"]) < 0.3
    assert all(run["held"] < min(0.005, run["fake"]) for run in runs["50"])
    mean = {k: [statistics.fmean(run[name] for run in runs[k]) for name in ("fid", "recall")] for k in runs}
    assert mean["500"][0] < mean["5000"][0] < 0.35 * mean["50"][0] and mean["500"][1] > mean["5000"][1] > 0.65


def test_the_timeline_goes_to_its_last_step_and_names_every_one(page, tmp_path):
    assert NUMBERS["timeline"]["50000"][0]["last"] == 50_000 and (DOCS / "timeline.png").is_file()
    for step in (100, 1000, 5000, 50_000):
        Image.new("L", (20, 4)).save(tmp_path / f"timeline-{step}.png")
    drawn = page.sheets.timeline(tmp_path, 50_000).frames[0]
    titles = [axes.get_title(loc="left") for axes in drawn.axes]
    assert titles == [f"after {step} updates of G" for step in ("100", "1,000", "5,000", "50,000")]


def test_what_is_said_of_the_35_cells(page):
    cells, runs = page.architectures, NUMBERS["architectures"]
    kid = {key: found[0]["kid"] for key, found in runs.items() if "." in key}
    won = {column: [row for row in cells.ROWS if cells.succeeds(runs, row, column)] for column in cells.COLUMNS}
    assert len(kid) == 35 and {k: len(rows) for k, rows in won.items()} == {
        "dcgan": 2,
        "lsgan": 2,
        "wgan": 1,
        "wgan-gp": 3,
        "r3gan": 4,
    }
    for row in ("gated", "tanh"):
        assert all((row in rows) == (column != "wgan") for column, rows in won.items())
    for row in ("nonorm", "residual"):
        assert [column for column, rows in won.items() if row in rows] == ["r3gan"]
    assert not any(row in rows for rows in won.values() for row in ("constant", "mlp"))
    assert max(kid[f"{row}.r3gan"] for row in cells.ROWS) < 0.03 < 0.1
    assert all(max(kid[f"{row}.{column}"] for row in cells.ROWS) > 0.1 for column in won if column != "r3gan")
    anchors = runs["anchors"][0]
    assert anchors["4 x 4"] == pytest.approx(0.011, abs=5e-4) and anchors["noise"] == pytest.approx(0.045, abs=5e-4)
    assert anchors["real"] == pytest.approx(1e-5, abs=5e-6)
    assert {runs[f"{row}.{column}"][0]["moves of G"] for row in cells.ROWS for column in ("wgan", "wgan-gp")} == {300}


def test_figures_draw_every_seed(page):
    drawn = page.competence_figure(NUMBERS["competence"]).frames[0]
    dots = [y for line in drawn.axes[1].lines if line.get_marker() == "." for y in line.get_ydata()]
    assert sorted(dots) == sorted(run["high quality"] for runs in NUMBERS["competence"].values() for run in runs)


def test_a_run_is_seen_at_its_steps_and_reaches_its_end(page):
    from lecture.common import ring, trained

    seen = []
    changes = {"hidden": 8, "batch": 8, "steps": 7}
    trainer = trained("nsgan", ring(), changes, (2, 3, 6), lambda trainer: seen.append(trainer.steps_done))
    assert (seen, trainer.steps_done) == ([2, 3, 6], 7)
