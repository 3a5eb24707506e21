"""One way to run: names, data that a program holds, settings, terms and callbacks of one's own."""

import json
import subprocess
import sys
from dataclasses import dataclass

import datasets
import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError
from gansmith.records.lock import locked
from gansmith.records.run_folder import RunFolder
from gansmith.training.trainer import Trainer

SETTINGS = {"latent": 2, "hidden": 4, "batch": 8, "steps": 3, "device": "cpu", "evaluate_every": 0}
SETTINGS |= {"schedule": "constant"}
SMALL = SETTINGS | {"quiet": True}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_out_nothing_is_written_and_the_samples_are_those_of_the_run_that_was(here):
    gan = gansmith.train("nsgan", data="ring", **SMALL)
    assert not list(here.rglob("*")) and gan.run is None
    kept = gansmith.train(gansmith.recipe("nsgan", data="ring", **SETTINGS), "run", quiet=True)
    assert torch.equal(gan.sample(5, seed=3), kept.sample(5, seed=3)) and kept.run.name == "run"
    assert not any(p.requires_grad for p in gan.generator.parameters()) and not gan.generator.training


PIXELS = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8)
LABELS = [f"class {i % 3}" for i in range(12)]


class Pairs(torch.utils.data.Dataset):
    def __len__(self):
        return 12

    def __getitem__(self, i):
        return Image.fromarray(PIXELS[i]), LABELS[i]


def hugging_face():
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=sorted(set(LABELS)))})
    return datasets.Dataset.from_dict({"image": [Image.fromarray(p) for p in PIXELS], "label": LABELS}, features)


@pytest.mark.parametrize(
    ("data", "labels"),
    [
        (PIXELS, LABELS),
        (torch.from_numpy(PIXELS)[:, None], LABELS),
        (PIXELS.astype(np.float32) / 127.5 - 1, LABELS),
        (Pairs(), None),
        (hugging_face(), None),
    ],
    ids=["bytes", "tensor", "floats", "torch data set", "Hugging Face data set"],
)
def test_the_same_images_are_the_same_data_whatever_holds_them(data, labels):
    found = from_memory(data, labels)
    assert tuple(found.shape) == (1, 8, 8) and found.count == 12 and found.label_names == sorted(set(LABELS))
    batch = next(found.batches(12, 0, 0, torch.device("cpu")))
    first = from_memory(PIXELS, LABELS)
    expected = next(first.batches(12, 0, 0, torch.device("cpu")))
    torch.testing.assert_close(batch.x, expected.x, rtol=0, atol=1 / 127)
    assert torch.equal(batch.labels, expected.labels)


def test_a_run_on_data_of_one_s_own_is_resumed_with_them(here):
    points = torch.randn(50, 2, generator=torch.Generator().manual_seed(0))
    whole = gansmith.train("nsgan", "whole", data=points, **SMALL | {"steps": 6})
    gansmith.train("nsgan", "parts", data=points, **SMALL)
    with pytest.raises(GansmithError, match="were given in Python"):
        gansmith.resume("parts", steps=6, quiet=True)
    parts = gansmith.resume("parts", steps=6, quiet=True, data=points)
    for a, b in zip(whole.generator.parameters(), parts.generator.parameters(), strict=True):
        assert torch.equal(a, b)
    assert json.loads((here / "whole" / "config.json").read_text())["source"]["data"] == "given in Python"


@pytest.mark.parametrize(
    ("data", "labels", "line"),
    [
        (np.array(["a", "b"]), None, "not real numbers"),
        (torch.full((4, 2), float("nan")), None, "some values are NaN"),
        (torch.zeros(4, 5, 8, 8), None, "is neither vectors"),
        (torch.zeros(4, 2), [1, 2], "4 samples but 2 labels"),
        (3, None, "give a name, a tensor, an array"),
    ],
)
def test_data_that_cannot_be_used_are_one_line(data, labels, line):
    with pytest.raises(GansmithError, match=line):
        gansmith.train("nsgan", data=data, labels=labels, **SMALL)


@dataclass(frozen=True)
class Pull:
    """Draws the fakes to the origin."""

    weight: float = 1.0

    @property
    def costs(self):
        return {"generator": lambda batch: self.weight * batch.fake.square().mean()}


class Counting:
    def __init__(self):
        self.seen = []

    def due(self, step, last):
        return step % 2 == 0 or last

    def __call__(self, moment):
        self.seen.append((moment.step, "generator/pull" in moment.notes))


def test_terms_and_callbacks_of_one_s_own_take_part():
    counting = Counting()
    pulled = gansmith.train(
        "nsgan", data="ring", terms=[Pull(50.0)], callbacks=[counting], **SMALL | {"steps": 60, "lr": 0.01}
    )
    plain = gansmith.train("nsgan", data="ring", **SMALL | {"steps": 60, "lr": 0.01})
    assert counting.seen[:2] == [(2, True), (4, True)] and counting.seen[-1] == (60, True)
    assert pulled.sample(200).norm(dim=1).mean() < 0.8 * plain.sample(200).norm(dim=1).mean()


def test_what_fails_before_its_first_step_leaves_nothing_behind(here, monkeypatch):
    def fail(self, *arguments):
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr("gansmith.dynamics.Alternating.step", fail)
        with pytest.raises(RuntimeError):
            gansmith.train("nsgan", "run", data="ring", **SMALL)
    assert not (here / "run").exists()


def test_a_run_that_ended_before_its_first_checkpoint_starts_over_in_place(here, monkeypatch):
    run = Trainer.run

    def crash(self, steps):
        run(self, 1 if steps > 1 else steps)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run", crash)
        patch.setattr("gansmith.callbacks.checkpointer.Checkpointer.due", lambda self, step, last: False)
        with pytest.raises(KeyboardInterrupt):
            gansmith.train("nsgan", "run", data="ring", **SMALL)
    assert (here / "run" / "config.json").exists() and RunFolder(here / "run").checkpoints().last_step() is None
    gansmith.train("nsgan", "run", data="ring", **SMALL)
    assert RunFolder(here / "run").checkpoints().last_step() == 3
    with pytest.raises(GansmithError, match="already holds a run"):
        gansmith.train("nsgan", "run", data="ring", **SMALL)


def test_a_config_of_somebody_else_s_is_left_alone(here):
    (here / "run").mkdir()
    (here / "run" / "config.json").write_text('{"theirs": 1}')
    with pytest.raises(GansmithError, match="is not gansmith's"):
        gansmith.train("nsgan", "run", data="ring", **SMALL)
    assert (here / "run" / "config.json").read_text() == '{"theirs": 1}'


HOLD = """
import sys, time
from pathlib import Path
from gansmith.records.lock import locked
with locked(Path("run")):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_folder_in_use_is_refused_and_a_dead_owner_s_is_free(here):
    other = subprocess.Popen([sys.executable, "-c", HOLD], cwd=here, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "held\n"
    with pytest.raises(GansmithError, match=rf"run is in use by process {other.pid}"):
        gansmith.train("nsgan", "run", data="ring", **SMALL)
    other.kill()  # without a chance to clean up
    other.wait()
    assert (here / "run" / ".lock").exists()
    gansmith.train("nsgan", "run", data="ring", **SMALL)
    assert not (here / "run" / ".lock").exists()
    with locked(here / "run"), pytest.raises(GansmithError, match="in use"):
        gansmith.resume("run", steps=5, quiet=True)


def test_a_run_that_ended_while_another_waited_for_its_folder_is_kept(here, monkeypatch):
    """It was free when it was looked at, and another run's when it was locked."""
    look, looked = RunFolder.check_free, []

    def check_free(self):
        look(self)
        if not looked:
            looked.append(self)
            gansmith.train("nsgan", "run", data="ring", **SMALL)

    monkeypatch.setattr(RunFolder, "check_free", check_free)
    with pytest.raises(GansmithError, match="already holds a run"):
        gansmith.train("nsgan", "run", data="ring", **SMALL | {"steps": 2})
    assert RunFolder(here / "run").checkpoints().last_step() == 3


def test_a_new_run_in_the_place_of_one_without_a_checkpoint_takes_nothing_over(here):
    folder = RunFolder(here / "run")
    gansmith.train("nsgan", "run", data="ring", **SMALL | {"evaluate_every": 3, "evaluate_samples": 20})
    assert folder.generator("best").exists() and folder.checkpoints().best.exists()
    left = [folder.metrics, folder.path / "metrics-seed-1.json", folder.path / "nearest-seed-1.png"]
    for path in left:
        path.touch()
    for path in folder.checkpoints().steps():
        path.unlink()
    gansmith.train("nsgan", "run", data="ring", **SMALL)
    assert not folder.generator("best").exists() and not folder.checkpoints().best.exists()
    assert not any(path.exists() for path in left) and folder.generator().exists()
