"""A run ends early where a callback, its own patience or a signal asks for it: whole, saved, and ready to go on."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field

import pytest
import torch

import gansmith
from gansmith.callbacks.evaluation import EvaluationCallback
from gansmith.errors import GansmithError
from gansmith.metrics.evaluation import Evaluator
from gansmith.recipes.composition import to_dict
from gansmith.records.journal import read_journal
from gansmith.runs.sweep import _play
from gansmith.training.assemble import assemble
from gansmith.training.check import check

SMALL = {"batch": 8, "hidden": 8, "latent": 4, "device": "cpu", "data": "ring", "evaluate_every": 0, "steps": 20}
SMALL |= {"checkpoint_every": 8, "log_every": 8, "schedule": "constant"}


@dataclass
class Stopping:
    """Ends the run at a step."""

    at: int
    why: str = "enough"
    every: int = 1
    name = "stopping"

    def __call__(self, moment):
        if moment.step == self.at:
            moment.stop(self.why)


@dataclass
class Witness:
    """Sees each step at most once."""

    every: int = 1
    seen: list = field(default_factory=list)
    name = "witness"

    def __call__(self, moment):
        self.seen.append((moment.step, moment.last))


def checkpoint(run):
    return torch.load(sorted((run / "checkpoints").glob("step-*.pt"))[-1], weights_only=True)


@pytest.mark.parametrize("first", [True, False], ids=["before others", "after others"])
def test_the_step_is_the_last_for_all_others(first, tmp_path, capsys):
    """Those that are not due, and those that looked before it was asked, are shown the step as the last."""
    rare, often = Witness(every=7), Witness()
    mine = [Stopping(5), rare, often] if first else [rare, often, Stopping(5)]
    gan = gansmith.train("nsgan", tmp_path / "run", callbacks=mine, **SMALL)
    assert rare.seen == [(5, True)]
    assert [step for step, _ in often.seen] == [1, 2, 3, 4, 5] and (not first or often.seen[-1] == (5, True))
    assert checkpoint(tmp_path / "run")["step"] == 5 and (tmp_path / "run/generator.safetensors").exists()
    assert [entry["step"] for entry in read_journal(tmp_path / "run/journal.jsonl")] == [5]
    said = capsys.readouterr().err
    assert f"stopped at step 5 (enough); go on with: gansmith resume {tmp_path / 'run'}" in said and "done" not in said
    assert gan.sample(3).shape == (3, 2)


def test_what_was_stopped_goes_on_bit_for_bit(tmp_path):
    whole = gansmith.train("nsgan", tmp_path / "whole", quiet=True, **SMALL)
    gansmith.train("nsgan", tmp_path / "broken", quiet=True, callbacks=[Stopping(5)], **SMALL)
    resumed = gansmith.resume(tmp_path / "broken", quiet=True)
    assert torch.equal(whole.sample(5), resumed.sample(5))
    assert checkpoint(tmp_path / "broken")["step"] == 20 and checkpoint(tmp_path / "broken")["stopped"] is None


def test_a_run_without_a_folder_returns_what_it_has():
    gan = gansmith.train("nsgan", quiet=True, callbacks=[Stopping(3)], **SMALL)
    assert gan.made_by["step"] == 3


def test_the_end_is_measured_when_a_callback_ends_the_run(tmp_path):
    more = SMALL | {"evaluate_every": 4, "evaluate_samples": 50}
    gansmith.train("nsgan", tmp_path / "run", quiet=True, callbacks=[Stopping(6)], **more)
    measured = [e["step"] for e in read_journal(tmp_path / "run/journal.jsonl") if "sliced_wasserstein" in e]
    assert measured == [4, 6]


def test_by_command_the_exit_code_is_zero(tmp_path):
    (tmp_path / "own.py").write_text(
        "from dataclasses import dataclass\n\n\n@dataclass\nclass Stop:\n    every: int = 3\n\n"
        "    def __call__(self, moment):\n        moment.stop('three is enough')\n"
    )
    words = [
        "train",
        "nsgan",
        "--data",
        "ring",
        "--callback",
        "own:Stop",
        "--out",
        "run",
        "--steps",
        "9",
        "--batch",
        "8",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "gansmith", *words, "--device", "cpu"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.strip() == "run"
    assert "stopped at step 3 (three is enough); go on with: gansmith resume run" in done.stderr


def test_a_loop_of_ones_own_ends_and_is_seen_to_end():
    witness = Witness(every=100)
    trainer = assemble(gansmith.recipe("nsgan", **SMALL), callbacks=[witness])
    for moment in trainer.steps():
        if moment.step == 4:
            moment.stop()
    assert trainer.steps_done == 4 and witness.seen == [(4, True)]


def test_a_step_after_the_end_is_refused_in_one_line():
    trainer = assemble(gansmith.recipe("nsgan", **SMALL), callbacks=[Stopping(2)])
    assert [trainer.step().last for _ in range(2)] == [False, True]
    with pytest.raises(GansmithError, match=r"the run was stopped at step 2 \(enough\): it plays no more"):
        trainer.step()
    trainer = assemble(gansmith.recipe("nsgan", **SMALL))
    trainer.interrupted = trainer.stopping = True
    with pytest.raises(KeyboardInterrupt):
        trainer.step()


@dataclass
class Interrupting:
    """Presses Ctrl-C while callbacks look."""

    at: int
    times: int = 1
    every: int = 1
    name = "interrupting"

    def __call__(self, moment):
        if moment.step == self.at:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("more", [[], [Stopping(5)]], ids=["alone", "and a callback that stops"])
def test_ctrl_c_while_callbacks_look_is_saved_too(more, tmp_path):
    witness = Witness(every=100)
    with pytest.raises(KeyboardInterrupt):
        gansmith.train("nsgan", tmp_path / "run", quiet=True, callbacks=[witness, *more, Interrupting(5)], **SMALL)
    assert checkpoint(tmp_path / "run")["step"] == 5 and witness.seen == [(5, True)]


def test_a_second_ctrl_c_ends_at_once(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        gansmith.train("nsgan", tmp_path / "run", quiet=True, callbacks=[Interrupting(5, times=2)], **SMALL)
    assert not list((tmp_path / "run").glob("checkpoints/*"))


def test_an_ignored_ctrl_c_stays_ignored(tmp_path):
    """As under nohup."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        gan = gansmith.train("nsgan", quiet=True, callbacks=[Interrupting(5)], **SMALL)
    finally:
        signal.signal(signal.SIGINT, before)
    assert gan.made_by["step"] == 20


# patience

MEASURED = SMALL | {"evaluate_every": 2, "evaluate_samples": 50, "best_by": "sliced_wasserstein", "checkpoint_every": 3}


@pytest.fixture
def course(monkeypatch):
    """Let evaluations find what a test wants, the last value from then on."""
    values: list[float] = []

    class Found:
        metrics: dict

    def evaluate(self, samples, labels=None):
        found = Found()
        found.metrics = {"sliced_wasserstein": values.pop(0) if len(values) > 1 else values[0]}
        return found

    monkeypatch.setattr(Evaluator, "evaluate", evaluate)
    return values


def test_patience_ends_the_run(course, tmp_path, capsys):
    course += [5.0, 3.0, 4.0, 2.0, 2.0, 2.5, float("nan")]
    gansmith.train("nsgan", tmp_path / "run", patience=3, **MEASURED)
    assert checkpoint(tmp_path / "run")["step"] == 14  # the best is that of step 8
    assert "stopped at step 14 (3 evaluations without a better sliced_wasserstein)" in capsys.readouterr().err
    assert torch.load(tmp_path / "run/checkpoints/best.pt")["step"] == 8


def test_no_patience_waits_for_ever(course, tmp_path):
    course += [1.0, 2.0]
    gansmith.train("nsgan", tmp_path / "run", quiet=True, **MEASURED)
    assert checkpoint(tmp_path / "run")["step"] == 20


def test_a_resumed_run_remembers_how_long_it_has_waited(course, tmp_path):
    course += [1.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    with pytest.raises(KeyboardInterrupt):
        gansmith.train("nsgan", tmp_path / "run", quiet=True, patience=4, callbacks=[Interrupting(7)], **MEASURED)
    assert checkpoint(tmp_path / "run")["callbacks"]["evaluation_callback"] == {"best": 1.0, "waited": 2}
    gansmith.resume(tmp_path / "run", quiet=True)
    assert checkpoint(tmp_path / "run")["step"] == 10
    gansmith.resume(tmp_path / "run", quiet=True)  # to wait as long again
    assert checkpoint(tmp_path / "run")["step"] == 18


def test_what_was_saved_before_there_was_patience_is_read():
    callback = EvaluationCallback.__new__(EvaluationCallback)
    callback.load_state_dict({"best": 2.0})
    assert callback.state_dict() == {"best": 2.0, "waited": 0}


def test_patience_that_could_never_end_is_refused(tmp_path):
    with pytest.raises(GansmithError, match="patience = 3 waits for evaluations: use --evaluate-every 500 or"):
        check(gansmith.recipe("nsgan", patience=3, evaluate_every=0))
    with pytest.raises(GansmithError, match="patience = 3 waits for evaluations: give the run out="):
        gansmith.train("nsgan", quiet=True, **SMALL | {"patience": 3, "evaluate_every": 5})


def test_a_sweep_leaves_a_run_that_stopped_early_as_it_is(course, tmp_path):
    course += [1.0, 2.0]
    stored = to_dict(gansmith.recipe("nsgan", **MEASURED | {"patience": 1}))
    for _ in range(2):  # the second time is a sweep that goes on
        assert _play(stored, str(tmp_path / "run")) is None
        assert checkpoint(tmp_path / "run")["step"] == 4
