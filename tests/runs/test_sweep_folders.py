"""A sweep and the folders of its runs, and how it ends where it cannot go on."""

import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool

import pytest

import gansmith
from gansmith.errors import GansmithError
from gansmith.recipes.composition import to_dict
from gansmith.records.lock import locked
from gansmith.runs import sweep as sweeping

SCRIPT = """
import gansmith
recipe = gansmith.recipe("nsgan", data="ring", steps=1, hidden=4, latent=2, batch=8, device="cpu")
gansmith.sweep(recipe, "sweep", seeds=2, jobs=1)
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def recipe():
    return gansmith.recipe(
        "nsgan", data="ring", steps=2, hidden=4, latent=2, batch=8, device="cpu", evaluate_every=2, evaluate_samples=20
    )


def test_a_script_without_a_main_guard_is_told_so_in_one_line(here):
    (here / "script.py").write_text(SCRIPT)
    done = subprocess.run([sys.executable, "script.py"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("Traceback") == 1 and "bootstrapping" not in done.stderr
    assert 'below if __name__ == "__main__":' in done.stderr.splitlines()[-1]
    assert not (here / "sweep").exists()


def test_a_process_that_dies_is_said_and_the_sweep_can_go_on(here, recipe, monkeypatch):
    class Pool:
        def __init__(self, jobs, initargs, **others):
            initargs[-1].set()  # it has begun

        def submit(self, *arguments):
            raise BrokenProcessPool

        def __enter__(self):
            return self

        shutdown = __exit__ = lambda self, *arguments, **others: None

    monkeypatch.setattr(sweeping, "ProcessPoolExecutor", Pool)
    with pytest.raises(GansmithError, match=r"has died .*start the same again"):
        gansmith.sweep(recipe, "sweep", seeds=1)


def test_a_folder_that_holds_other_things_keeps_them(here, recipe):
    (here / "sweep" / "seed=0").mkdir(parents=True)
    (here / "sweep" / "seed=0" / "notes.txt").write_text("precious")
    assert sweeping._play(to_dict(recipe), "sweep/seed=0") is None
    assert (here / "sweep" / "seed=0" / "notes.txt").read_text() == "precious"
    assert (here / "sweep" / "seed=0" / "generator.safetensors").exists()


def test_a_run_that_another_process_is_writing_is_left_alone(here, recipe):
    with locked(here / "run"):
        (here / "run" / "journal.jsonl").write_text("theirs")
        with pytest.raises(GansmithError, match="in use"):
            sweeping._play(to_dict(recipe), "run")
        assert (here / "run" / "journal.jsonl").read_text() == "theirs"


def test_a_sweep_finds_home_and_writes_its_figures_while_it_owns_the_folder(here, recipe, monkeypatch):
    written = []

    def write(path, *others):
        written.append(path)
        with pytest.raises(GansmithError, match="in use"), locked(path.parent):
            pass

    monkeypatch.setattr(sweeping, "_play_all", lambda plans, *others: {plan.name: None for plan in plans})
    monkeypatch.setattr(sweeping, "_write", write)
    gansmith.sweep(recipe, "~/sweep", seeds=1)
    assert written == [here / "home" / "sweep" / "sweep.json"]
