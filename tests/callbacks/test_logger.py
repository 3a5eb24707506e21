"""The journal's numbers are means over the steps since its last line, and its speed is steps by seconds."""

from types import SimpleNamespace

import pytest
import torch

from gansmith.callbacks import logger as module
from gansmith.callbacks.logger import Logger
from gansmith.records.journal import Journal


def test_means_of_costs_what_terms_tell_and_the_speed(monkeypatch):
    now = SimpleNamespace(seconds=50.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now.seconds))
    journal = Journal(None)
    trainer = SimpleNamespace(
        steps_done=10,
        window=[{"generator": 1.0}, {"generator": 4.0}],
        settle=lambda: None,
        game=SimpleNamespace(report=lambda: {"score/real": torch.tensor(0.25)}),
    )
    log = Logger(journal, 10)
    log(SimpleNamespace(run=trainer))
    assert journal.latest["generator/cost"] == 2.5 and journal.latest["score/real"] == 0.25
    assert trainer.window == [] and "steps_per_second" not in journal.latest  # nothing to measure from yet
    now.seconds, trainer.steps_done, trainer.window = 54.0, 30, [{"generator": 7.0}]
    log(SimpleNamespace(run=trainer))
    assert journal.latest["steps_per_second"] == pytest.approx(5.0) and journal.latest["generator/cost"] == 7.0
    now.seconds, trainer.steps_done, trainer.window = 55.0, 31, []  # no step since
    log(SimpleNamespace(run=trainer))
    assert journal.latest["steps_per_second"] == pytest.approx(5.0)


def test_it_is_due_at_every_so_many_steps_and_at_the_last():
    log = Logger(Journal(None), 4)
    assert [step for step in range(1, 11) if log.due(step, step == 10)] == [4, 8, 10]
