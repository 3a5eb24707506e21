"""Measuring runs: evaluate, compare, the best checkpoint, and sweeps."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import gansmith
from gansmith.data.digits import digits
from gansmith.data.images import to_range
from gansmith.errors import GansmithError
from gansmith.metrics.catalogue import badness
from gansmith.recipes.composition import change, suited
from gansmith.records.journal import read_journal
from gansmith.records.run_folder import RunFolder

TINY = {"steps": 4, "batch": 8, "hidden": 8, "latent": 5, "evaluate_every": 2, "evaluate_samples": 80}


def tiny(name="dcgan", **changes):
    width = {} if changes.get("network") == "mlp" else {"width": 4}
    return gansmith.recipe(name, **TINY | width | changes)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for name, recipe in {"one": tiny(), "two": tiny("lsgan", seed=3), "ring": tiny("nsgan", data="ring")}.items():
        gansmith.train(recipe, folder / name, quiet=True)
    return folder


def test_a_report_says_what_its_figures_depend_on(runs):
    report = gansmith.evaluate(runs / "one", samples=200)
    stored = json.loads((runs / "one" / "metrics-samples-200.json").read_text())
    assert stored["metrics"] == report.metrics and stored["real"]["fid"] < report.metrics["fid"]
    about = stored["about"]
    assert (about["samples"], about["reference"], about["seed"], about["step"]) == (200, 1797, 0, 4)
    assert about["features"] == "classifier" and about["recipe"] == "dcgan" and about["generator"] == "last"
    assert about["size"].startswith("16x16") and about["value range"] == "[-1, 1]" and "256" in about["precision"]
    pairs = Image.open(runs / "one" / "nearest-samples-200.png")
    assert pairs.width > 4 * pairs.height


def test_the_seed_decides_and_other_features_are_others(runs):
    fids = [gansmith.evaluate(runs / "ring", samples=100, seed=s).metrics["fid"] for s in (0, 0, 1)]
    assert fids[0] == pytest.approx(fids[1], rel=1e-9) and fids[0] != pytest.approx(fids[2], rel=1e-7)
    own = gansmith.evaluate(runs / "one", samples=100, features=lambda x: x.flatten(1)[:, ::8])
    assert own.about["features"] == "<lambda>" and own.about["dimensions"] == 32


def test_samples_from_elsewhere_and_real_halves(tmp_path, runs):
    np.savez(tmp_path / "copies.npz", images=((to_range(digits(8).samples[:200]).numpy()[:, 0]) + 1) / 2)
    copies = gansmith.evaluate(tmp_path / "copies.npz", data="digits")
    assert copies.metrics["authenticity"] == 0 and copies.about["samples"] == 200
    half = gansmith.evaluate("digits")
    assert half.metrics["fid"] < 0.2 and half.about["samples"] + half.about["reference"] == 1797
    assert half.metrics == pytest.approx(gansmith.evaluate("digits", data="digits").metrics)
    other = gansmith.evaluate(runs / "ring", data="grid", samples=300)
    assert other.about["data"].startswith("25 Gaussians")
    assert not (tmp_path / "metrics.json").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"data": "ring"}, r"makes samples of shape 1x16x16, and --data ring holds 2: name data of the same kind"),
        ({"samples": 1}, "samples = 1 must be at least 2"),
        ({"features": "clasifier"}, "unknown features 'clasifier': did you mean 'classifier'"),
        ({"device": "gpu"}, "use auto, cpu, cuda"),
    ],
)
def test_what_cannot_be_measured(runs, arguments, line):
    with pytest.raises(GansmithError, match=line):
        gansmith.evaluate(runs / "one", **arguments)


def test_what_is_neither_run_nor_data(tmp_path):
    with pytest.raises(
        GansmithError, match=r"nothing is no run folder, and no data either: .* no built-in set, file or folder"
    ):
        gansmith.evaluate(tmp_path / "nothing")


def test_comparison_uses_one_yardstick(runs):
    found = gansmith.compare([runs / "one", runs / "two"], samples=150, features="random")
    assert [b["recipe"] for b in found.budgets] == ["dcgan", "lsgan"] and [b["seed"] for b in found.budgets] == [0, 3]
    alone = gansmith.evaluate(runs / "two", samples=150, features="random")
    assert found.reports[1].metrics == pytest.approx(alone.metrics)
    assert found.real == pytest.approx(alone.real)
    assert found.picture.width > 600 and len(found.picture.quantize(256).getcolors()) > 50


def test_runs_that_cannot_be_compared(runs):
    with pytest.raises(GansmithError, match=r"ring makes samples of shape \(2,\)"):
        gansmith.compare([runs / "one", runs / "ring"])
    with pytest.raises(GansmithError, match="name two runs or more"):
        gansmith.compare([runs / "one"])
    gansmith.train(tiny("nsgan", data="grid"), runs / "grid", quiet=True)
    with pytest.raises(GansmithError, match=r"was trained on grid, .* on ring: choose the real samples with --data"):
        gansmith.compare([runs / "ring", runs / "grid"])
    assert len(gansmith.compare([runs / "ring", runs / "grid"], data="ring", samples=100).reports) == 2


class Spoilt(nn.Module):
    """A generator that shows real digits until its fifth call in training and noise ever after."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, z):
        if self.training:
            self.calls += 1
        real = to_range(digits(8).samples[: len(z)]).expand(len(z), -1, -1, -1)
        noise = z.repeat(1, 13)[:, :64].reshape(-1, 1, 8, 8).tanh()
        return torch.where(self.calls < 5, real, noise) + self.weight


def test_the_best_generator_is_kept_and_drawn_from(tmp_path):
    networks = Spoilt(), nn.Sequential(nn.Flatten(), nn.Linear(64, 1))
    recipe = tiny(steps=8, ema=0.0, image_size=8, best_by="recall", network="mlp", features="raw")
    gansmith.train(recipe, tmp_path / "run", networks, quiet=True)
    values = {e["step"]: e["recall"] for e in read_journal(tmp_path / "run/journal.jsonl") if "recall" in e}
    best = gansmith.load(tmp_path / "run", networks, generator="best")
    assert best.step == min(values, key=lambda step: (badness("recall", values[step]), step)) < 8
    state = torch.load(tmp_path / "run/checkpoints/best.pt", weights_only=True)
    assert state["step"] == best.step and state["callbacks"]["evaluation_callback"]["best"] == -values[best.step]
    last = gansmith.load(tmp_path / "run", networks)
    assert last.step == 8 and not torch.equal(best.sample(4), last.sample(4))


def test_metrics_that_do_not_exist_or_are_not_measured(tmp_path):
    with pytest.raises(GansmithError, match="unknown metric 'fdi'"):
        gansmith.train(tiny(best_by="fdi"), tmp_path / "a", quiet=True)
    with pytest.raises(GansmithError, match="best_by = high_quality: not measured on these data; use fid"):
        gansmith.train(tiny(best_by="high_quality"), tmp_path / "b", quiet=True)


def test_a_sweep_is_mean_and_deviation_over_its_runs(tmp_path):
    recipe = tiny("nsgan", data="ring", seed=5)
    cells = gansmith.sweep(recipe, tmp_path / "sweep", seeds=2, grid={"r1": [0.0, 0.1]}, jobs=1)
    assert [cell.changes for cell in cells] == [{"r1": 0.0}, {"r1": 0.1}]
    names = [run.folder for cell in cells for run in cell.runs]
    assert names == ["r1=0.0,seed=5", "r1=0.0,seed=6", "r1=0.1,seed=5", "r1=0.1,seed=6"]
    values = [read_journal(tmp_path / "sweep" / name / "journal.jsonl")[-1]["sliced_wasserstein"] for name in names[2:]]
    mean, deviation = cells[1].spread("sliced_wasserstein")
    assert mean == pytest.approx(sum(values) / 2) and deviation == pytest.approx(abs(values[0] - values[1]) / 2**0.5)
    stored = json.loads((tmp_path / "sweep" / "sweep.json").read_text())
    assert stored["cells"][1]["runs"][0]["metrics"]["sliced_wasserstein"] == pytest.approx(values[0])
    alone = gansmith.train(tiny("nsgan", data="ring", seed=6, r1=0.1), tmp_path / "alone", quiet=True)
    assert torch.equal(alone.sample(9), gansmith.load(tmp_path / "sweep" / names[3]).sample(9))

    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "sweep").rglob("*.safetensors")}
    more = gansmith.sweep(recipe, tmp_path / "sweep", seeds=3, grid={"r1": [0.0, 0.1]}, jobs=1)
    assert len(more[0].runs) == 3 and all(p.stat().st_mtime_ns == t for p, t in before.items())  # kept, not repeated
    with pytest.raises(GansmithError, match=r"holds a run with training\.batch = 8, not 16: choose another --out"):
        gansmith.sweep(tiny("nsgan", data="ring", seed=5, batch=16), tmp_path / "sweep", 2, {"r1": [0.0]})


def test_a_run_that_diverges_is_counted_and_the_others_go_on(tmp_path):
    recipe = tiny("wgan-naive", data="ring", optimizer="SGD", betas=None, steps=60)
    (cell,) = gansmith.sweep(recipe, tmp_path / "s", 1, {"lr_discriminator": [1e30]}, jobs=1)
    assert "--lr" in cell.runs[0].diverged and cell.spread("fid") is None


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ({"seeds": 0}, "seeds = 0 must be at least 1"),
        ({"grid": {"seed": [1, 2]}}, "seed is swept by --seeds"),
        ({"grid": {"r1": [0.1, 0.1]}}, "two of the values are the same"),
        ({"grid": {"r1": [-1.0]}}, "r1 = -1 must be at least 0"),
    ],
)
def test_impossible_sweeps_start_nothing(tmp_path, arguments, line):
    with pytest.raises(GansmithError, match=line):
        gansmith.sweep(tiny(), tmp_path / "s", **arguments)
    assert not (tmp_path / "s").exists()


def test_an_interrupted_sweep_saves_its_runs_and_goes_on(tmp_path):
    """Ctrl-C reaches every process of a terminal: here, of a session."""
    command = [sys.executable, "-m", "gansmith", "sweep", "nsgan", "--data", "ring", "--hidden", "8", "--latent", "2"]
    command += ["--steps", "1200", "--evaluate-every", "600", "--checkpoint-every", "50", "--seeds", "2", "--jobs", "2"]
    command += ["--evaluate-samples", "100", "--out", "s"]
    process = subprocess.Popen(command, cwd=tmp_path, start_new_session=True, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while len(list(tmp_path.glob("s/seed=*/checkpoints/step-*.pt"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    errors = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 130 and "Traceback" not in errors, errors
    steps = [max(tmp_path.glob(f"s/seed={n}/checkpoints/step-*.pt")).stem for n in (0, 1)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert min(steps) < "step-00001200"
    for n in (0, 1):
        whole = gansmith.recipe("nsgan", data="ring", hidden=8, latent=2, steps=1200, checkpoint_every=50, seed=n)
        whole = change(whole, {"evaluate_every": 600, "evaluate_samples": 100})
        assert RunFolder(tmp_path / f"s/seed={n}").read().recipe == suited(whole, (2,))


def test_a_single_image_can_be_trained_on_though_hardly_measured(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    Image.fromarray(digits(8).samples[0, 0].numpy()).save(folder / "only.png")
    gan = gansmith.train(tiny(data=str(folder), image_size=8), tmp_path / "run", quiet=True)
    assert gan.step == 4 and not (tmp_path / "run" / "best.safetensors").exists()
