"""Metrics of a user's own choose the best checkpoint like ours."""

import math

import pytest
import torch

import gansmith
from gansmith.errors import GansmithError
from gansmith.metrics.catalogue import badness

SMALL = {"hidden": 4, "latent": 2, "batch": 8, "device": "cpu", "evaluate_samples": 20, "log_every": 2, "lr": 0.05}
POINTS = torch.randn(64, 2, generator=torch.Generator().manual_seed(0))


def reach(real, fake):
    return float(fake.abs().max())


def far(real, fake):
    return float(fake.abs().max())


far.better = "higher"


def near(real, fake):
    return float(fake.abs().max())


near.better = "near 1"


@pytest.mark.parametrize(
    ("metric", "wanted"), [(reach, min), (far, max), (near, lambda v: min(v, key=lambda x: abs(x - 1)))]
)
def test_the_best_generator_is_the_one_of_ones_own_metric(metric, wanted, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "mine", sys.modules[__name__])
    run = tmp_path / "run"
    name = metric.__name__
    gansmith.train(
        "nsgan",
        run,
        quiet=True,
        data=POINTS,
        steps=8,
        evaluate_every=2,
        metrics=(f"mine:{name}",),
        best_by=name,
        **SMALL,
    )
    from gansmith.records.journal import read_journal

    found = {entry["step"]: entry[name] for entry in read_journal(run / "journal.jsonl") if name in entry}
    assert len(set(found.values())) == len(found) == 4
    best = torch.load(run / "checkpoints" / "best.pt", weights_only=True)["step"]
    assert found[best] == wanted(found.values())


def test_the_three_ways_to_be_better_and_a_name_that_nobody_knows():
    own = {"reach": reach, "far": far, "near": near}
    assert badness("reach", 1, own) < badness("reach", 2, own)
    assert badness("far", 2, own) < badness("far", 1, own)
    assert badness("near", 1.1, own) < badness("near", 0.5, own)
    assert math.isclose(badness("near", 0.5, own), 0.5)
    with pytest.raises(GansmithError, match="unknown metric 'rech': did you mean 'reach'"):
        badness("rech", 1, own)
