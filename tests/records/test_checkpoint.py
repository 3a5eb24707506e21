"""Checkpoints are whole or absent, and a damaged one costs only the steps since the one before."""

import random

import numpy as np
import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.files import write_atomically
from gansmith.training.checkpoint import Checkpoints
from gansmith.training.randomness import random_state, seed_everything, set_random_state


def test_keeps_the_last_few_and_the_best(tmp_path):
    checkpoints = Checkpoints(tmp_path / "c", keep=2)
    for step in (10, 20, 30, 40):
        state = {"step": step, "w": torch.full((3,), float(step))}
        checkpoints.save(state)
        if step == 20:
            checkpoints.save_best(state)
    assert sorted(p.name for p in (tmp_path / "c").iterdir()) == ["best.pt", "step-00000030.pt", "step-00000040.pt"]
    assert checkpoints.latest()["step"] == checkpoints.last_step() == 40
    assert torch.load(tmp_path / "c" / "best.pt", weights_only=True)["step"] == 20


@pytest.mark.parametrize("keep", [0.9, 0.5, 0.01, 0.0])
def test_a_checkpoint_cut_short_is_passed_over(tmp_path, keep):
    checkpoints = Checkpoints(tmp_path, keep=3)
    for step in (1, 2):
        path = checkpoints.save({"step": step, "w": torch.randn(1000)})
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    with pytest.warns(UserWarning, match=r"step-00000002.pt is damaged .* using the one before"):
        assert checkpoints.latest()["step"] == 1


def test_nothing_left_to_resume_from(tmp_path):
    checkpoints = Checkpoints(tmp_path)
    with pytest.raises(GansmithError, match="no checkpoint yet"):
        checkpoints.latest()
    checkpoints.save({"step": 1}).write_bytes(b"junk")
    with pytest.warns(UserWarning), pytest.raises(GansmithError, match="no checkpoint can be read"):
        checkpoints.latest()


def test_code_in_a_checkpoint_is_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "harm"), "w"))

    torch.save({"step": 1, "x": Evil()}, tmp_path / "step-00000001.pt")
    with pytest.warns(UserWarning), pytest.raises(GansmithError):
        Checkpoints(tmp_path).latest()
    assert not (tmp_path / "harm").exists()


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")

    def fail(temporary):
        temporary.write_text("half of the n")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_random_state_brings_back_every_generator():
    seed_everything(3)
    noise = np.random.standard_normal
    torch.randn(2), random.gauss(0, 1), noise()  # gauss keeps a spare number: it must come back too
    state = random_state()

    def draw():
        return torch.rand(3).tolist(), noise(3).tolist(), [random.gauss(0, 1) for _ in range(3)]

    first = draw()
    assert draw() != first
    set_random_state(state)
    assert draw() == first
