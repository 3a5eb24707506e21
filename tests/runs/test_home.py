"""`~` means home wherever a path is given, as text or as a path, and no folder is ever called so."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import gansmith
from gansmith.data import Source, open_dataset
from gansmith.errors import GansmithError
from gansmith.figures import Figure
from gansmith.files import cache_folder
from gansmith.runs import sweep as sweeping

SMALL = {"latent": 2, "hidden": 4, "batch": 8, "steps": 2, "device": "cpu", "evaluate_every": 0, "quiet": True}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with data and a run."""
    home, patch = tmp_path_factory.mktemp("home"), pytest.MonkeyPatch()
    patch.setenv("HOME", str(home))
    np.save(home / "points.npy", np.random.default_rng(0).normal(size=(64, 2)).astype("float32"))
    gansmith.train("nsgan", "~/run", data="~/points.npy", **SMALL)
    patch.undo()
    return home


@pytest.fixture(autouse=True)
def away(home, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [str, Path])
def test_python_finds_home(home, kind):
    data, run = kind("~/points.npy"), kind("~/run")
    gansmith.train("nsgan", data=data, from_="~/run", **SMALL)
    assert gansmith.load(run).run == home / "run" and gansmith.load(kind("~/run/generator.safetensors")).file
    assert gansmith.evaluate(run, data=data, samples=20).metrics
    assert gansmith.evaluate(data, data=data, samples=20).metrics
    assert gansmith.compare([run, run], data=data, samples=20).reports
    Figure([Image.new("RGB", (4, 4))], "one").save(kind(f"~/{kind.__name__}.png"))
    assert (home / f"{kind.__name__}.png").exists()


def test_a_sweep_and_the_cache_find_home(home, monkeypatch):
    settings = {name: value for name, value in SMALL.items() if name != "quiet"}
    recipe = gansmith.recipe("nsgan", **settings | {"data": "ring", "evaluate_every": 1})
    monkeypatch.setattr(sweeping, "_play_all", lambda plans, *others: {plan.name: None for plan in plans})
    gansmith.sweep(recipe, "~/sweep", seeds=1)
    assert (home / "sweep" / "sweep.json").exists()
    monkeypatch.setenv("GANSMITH_CACHE", "~/cache")
    assert cache_folder() == home / "cache"


def test_a_folder_of_hugging_face_form_may_lie_at_home(home):
    with pytest.raises(GansmithError, match=str(home / "nothing")):
        gansmith.train("nsgan", data="hub:~/nothing", **SMALL)


def test_data_that_have_no_name_are_one_line():
    with pytest.raises(GansmithError, match="ndarray: give a"):
        gansmith.evaluate("~/run", data=np.zeros((4, 2)), samples=20)
    with pytest.raises(GansmithError, match="ndarray: give a name or a path here"):
        open_dataset(Source(np.zeros((4, 2))))
