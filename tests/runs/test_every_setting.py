"""Every setting of what is written down and measured changes what a run leaves."""

import functools

import pytest
import torch
from tried import SMALL

import gansmith
from gansmith.callbacks.curve_plot import CurvePlot
from gansmith.recipes.parts import EVALUATIONS, RECORDS
from gansmith.records.journal import read_journal
from gansmith.settings.components import settings_of

RUN = SMALL | {
    "steps": 4,
    "evaluate_every": 2,
    "evaluate_samples": 60,
    "checkpoint_every": 1,
    "log_every": 4,
    "keep": 4,
}
CASES = {
    "log_every": ({}, {"log_every": 2}),
    "checkpoint_every": ({}, {"checkpoint_every": 2}),
    "keep": ({}, {"keep": 1}),
    "evaluate_every": ({}, {"evaluate_every": 4}),
    "evaluate_samples": ({}, {"evaluate_samples": 70}),
    "features": ({"data": "digits", "image_size": 16}, {"features": "raw"}),
    "metrics": (),
    "best_by": (),
    "patience": ({"lr": 0.0, "evaluate_every": 1, "ema": 0.0}, {"patience": 1}),
}


@pytest.fixture(autouse=True)
def _no_curve(monkeypatch):
    """Drawing it takes longer than all else."""
    monkeypatch.setattr(CurvePlot, "__call__", lambda *_: None)


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """What the usual run leaves, once for all settings that are tried beside nothing."""
    return functools.cache(lambda: left(tmp_path_factory.mktemp("usual") / "run", {}))


def left(folder, changes):
    """Return what a run leaves: its files, its journal without times, and when the best was."""
    gan = gansmith.train("nsgan", folder, quiet=True, **RUN | changes)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if "events" not in path.name)
    timeless = [
        {k: v for k, v in e.items() if not any(word in k for word in ("time", "second", "speed", "memory"))}
        for e in read_journal(folder / "journal.jsonl")
    ]
    return files, [sorted(e) for e in timeless], repr([e for e in timeless if "precision" in e]), gan.made_by["step"]


def best(folder):
    return torch.load(folder / "checkpoints/best.pt", weights_only=True)["step"]


def test_no_setting_is_left_out():
    known = {one.name for kind in (RECORDS, EVALUATIONS) for made in kind.ours.values() for one in settings_of(made)}
    assert set(CASES) == known, "write a case for it"


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case])
def test_a_setting_counts(name, tmp_path, usual):
    beside, other = CASES[name]
    assert (left(tmp_path / "one", beside) if beside else usual()) != left(tmp_path / "other", beside | other)


def test_the_metric_that_chooses_the_best_counts(tmp_path, monkeypatch):
    """Metrics of one's own, one of which grows while the other falls."""
    (tmp_path / "own_marks.py").write_text(
        "calls = [0]\n\n\ndef rising(real, fake):\n    calls[0] += 1\n    return float(calls[0])\n\n\n"
        "def falling(real, fake):\n    return -float(calls[0])\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    metrics = ("own_marks:rising", "own_marks:falling")
    steps = []
    for by in ("rising", "falling"):
        gansmith.train("nsgan", tmp_path / by, quiet=True, **RUN | {"metrics": metrics, "best_by": by})
        steps.append(best(tmp_path / by))
        entries = [e for e in read_journal(tmp_path / by / "journal.jsonl") if "precision" in e]
        assert len(entries) == 2 and all({"rising", "falling"} <= set(e) for e in entries)
    assert steps == [2, 4]
