"""Checkpoints are whole or absent, and a damaged one costs only the steps since the one before."""

import pytest
import torch

from gansmith.errors import GansmithError
from gansmith.records.checkpoint import Checkpoints


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
