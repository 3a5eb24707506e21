"""The example with a user's own networks does what it says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import torch

import gansmith
from gansmith.errors import GansmithError


def example() -> ModuleType:
    path = Path(__file__).parents[2] / "examples" / "own_networks.py"
    spec = importlib.util.spec_from_file_location("example_own_networks", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_own_networks_train_and_come_back_from_the_run_folder(tmp_path: Path) -> None:
    page, run = example(), tmp_path / "run"
    samples = page.main(steps=5, out=str(run))
    assert samples.shape == (1000, 2) and samples.isfinite().all()

    untrained = page.mlp(2, 2)
    before = untrained(torch.zeros(1, 2)).detach()
    gan = gansmith.load(run, networks=untrained)  # takes on the run's weights
    assert not torch.equal(gan.generator(torch.zeros(1, 2)), before)
    assert torch.equal(gan.sample(1000, seed=1), samples)
    assert not torch.equal(gan.sample(1000, seed=2), samples)


def test_a_run_with_own_networks_asks_for_them(tmp_path: Path) -> None:
    page, run = example(), tmp_path / "run"
    page.main(steps=1, out=str(run))
    with pytest.raises(GansmithError, match="networks of your own"):
        gansmith.load(run)
    with pytest.raises(GansmithError, match="does not fit"):
        gansmith.load(run, networks=page.mlp(3, 2))
