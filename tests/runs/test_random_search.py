"""A random search in a plain loop with two processes, killed and started again."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

import gansmith
from gansmith.records.checkpoint import Checkpoints
from gansmith.records.journal import read_journal
from gansmith.records.run_folder import RunFolder

PAGE = Path(__file__).parents[2] / "docs" / "your-code.md"
TRIALS, STEPS, SAVE = 4, 120, 5
SMALL = {"latent": 2, "batch": 8, "hidden": 4, "device": "cpu", "log_every": 10, "evaluate_every": 0, "threads": 1}


@pytest.fixture
def script(tmp_path):
    """The program of the page, with small runs."""
    (block,) = [one for one in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL) if "search.py" in one]
    sizes = re.sub(r"(TRIALS, STEPS, SAVE = 2,).*", rf"\1 {TRIALS}, {STEPS}, {SAVE}", block)
    small = sizes.replace("quiet=True, data", f"quiet=True, **{SMALL}, data")
    assert len({block, sizes, small}) == 3
    (tmp_path / "search.py").write_text(small)
    return tmp_path / "search.py"


def start(script):
    return [
        subprocess.Popen([sys.executable, script.name, str(i)], cwd=script.parent, stderr=subprocess.PIPE)
        for i in range(2)
    ]


def saved(run: Path) -> int:
    """Return the step of a run's last checkpoint."""
    return max((int(path.stem.removeprefix("step-")) for path in run.glob("checkpoints/step-*.pt")), default=0)


def test_no_run_is_lost_no_journal_doubled_no_draw_repeated(script):
    search = script.parent / "search"
    workers = start(script)
    deadline = time.monotonic() + 60
    while not all(any(0 < saved(search / f"{t:02d}") < STEPS for t in range(i, TRIALS, 2)) for i in range(2)):
        assert time.monotonic() < deadline and all(worker.poll() is None for worker in workers)
        time.sleep(0.002)
    for worker in workers:
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
    assert any(0 < saved(run) < STEPS for run in search.iterdir())  # it was killed in the middle

    for worker in start(script):
        assert worker.communicate(timeout=60)[1] == b"" and worker.returncode == 0

    dice = random.Random(0)
    rates = [10 ** dice.uniform(-4, -2) for _ in range(TRIALS)]
    assert sorted(path.name for path in search.iterdir()) == [f"{t:02d}" for t in range(TRIALS)]
    for trial, lr in enumerate(rates):
        run = search / f"{trial:02d}"
        players = json.loads((run / "config.json").read_text())["players"]
        assert players["generator"]["lr"] == players["discriminator"]["lr"] == lr
        assert [entry["step"] for entry in read_journal(run / "journal.jsonl")] == list(range(10, STEPS + 1, 10))
        alone = gansmith.train("nsgan", quiet=True, data="ring", lr=lr, steps=STEPS, **SMALL)
        assert saved(run) == STEPS and torch.equal(gansmith.load(run).sample(9), alone.sample(9))
    assert len(set(rates)) == TRIALS


@pytest.mark.parametrize("write", [(Checkpoints, "save"), (RunFolder, "save_generator")], ids=lambda write: write[1])
def test_a_run_killed_between_the_last_two_files_can_be_finished(write, tmp_path, monkeypatch):
    """Its last checkpoint without its generator would be a finished run with an older generator, for good."""
    settings = {"data": "ring", "steps": 6, "checkpoint_every": 3, **SMALL}
    owner, name = write
    saving, times = getattr(owner, name), []

    def killed(self, *arguments):
        times.append(name)
        if len(times) == 2:
            raise KeyboardInterrupt
        return saving(self, *arguments)

    whole = gansmith.train("nsgan", quiet=True, **settings)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(owner, name, killed)
        gansmith.train("nsgan", tmp_path / "run", quiet=True, **settings)
    gansmith.resume(tmp_path / "run", quiet=True)
    assert torch.equal(gansmith.load(tmp_path / "run").sample(9), whole.sample(9))
