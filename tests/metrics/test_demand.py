"""More samples than can be measured in memory are refused before any is drawn."""

import pytest

import gansmith
from gansmith.errors import GansmithError
from gansmith.metrics import demand

SMALL = {"hidden": 8, "batch": 8, "steps": 1, "quiet": True, "device": "cpu"}


@pytest.fixture
def run(tmp_path):
    gansmith.train("nsgan", tmp_path / "run", data="ring", evaluate_every=0, **SMALL)
    return tmp_path / "run"


def test_samples_beyond_memory_are_told_with_how_many_fit(run, monkeypatch):
    """Before, 100,000,000 of them filled the memory until the system ended the process."""
    monkeypatch.setattr(demand, "available", lambda: 2**30)
    with pytest.raises(
        GansmithError, match=r"samples = 100,000,000: .*GiB, and 1\.0 are free: use --samples \d+ or"
    ) as e:
        gansmith.evaluate(run, samples=100_000_000, features="raw")
    fits = int(str(e.value).rpartition("--samples ")[2].split()[0])
    assert 0.9 * 2**30 / 6000 < fits < 0.9 * 2**30 / 4200  # 4.2 kB a sample were measured of two features
    with pytest.raises(GansmithError, match="samples = 100,000,000"):
        gansmith.evaluate("ring", "grid", samples=100_000_000)
    monkeypatch.setattr(demand, "available", lambda: 10**6)
    with pytest.raises(GansmithError, match="samples = 2,500: measuring them takes"):
        gansmith.evaluate(run)  # as many as there are by default


def test_a_run_refuses_before_its_first_step(tmp_path, monkeypatch):
    monkeypatch.setattr(demand, "available", lambda: 2**30)
    with pytest.raises(GansmithError, match=r"evaluate_samples = 100,000,000: .*use --evaluate-samples"):
        gansmith.train("nsgan", tmp_path / "run", data="ring", evaluate_samples=100_000_000, evaluate_every=1, **SMALL)
    assert not (tmp_path / "run").exists()


def test_many_features_count(monkeypatch):
    monkeypatch.setattr(demand, "available", lambda: 2**30)
    demand.check_samples(10_000, 2048)
    with pytest.raises(GansmithError, match="samples = 20,000"):
        demand.check_samples(20_000, 2048)
