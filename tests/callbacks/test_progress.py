"""What a person sees while a run goes on, where there is no terminal."""

import itertools
import sys
from types import SimpleNamespace

import pytest

from gansmith.callbacks import progress as module
from gansmith.callbacks.progress import PATIENCE, Progress
from gansmith.records.journal import Journal


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    now = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


def lines_of(progress, clock, steps, seconds, capsys):
    """Play steps of so many seconds each, and return the lines said with the time of each."""
    found = []
    for step in range(progress.start + 1, progress.start + steps + 1):
        clock.seconds += seconds
        if progress.due(step, step == progress.total):
            progress(SimpleNamespace(run=SimpleNamespace(steps_done=step)))
            found += [(clock.seconds - 1000, line) for line in capsys.readouterr().err.splitlines()]
    return found


@pytest.mark.parametrize("seconds", [0.01, 1.0, 45.0, 500.0])
def test_there_is_a_line_every_few_minutes_however_slow_a_step_is(clock, capsys, seconds):
    lines = lines_of(Progress(1000, 0, Journal(None), False), clock, 400, seconds, capsys)
    times = [0.0, *(at for at, _ in lines), 400 * seconds]
    gaps = [later - before for before, later in itertools.pairwise(times)]
    assert max(gaps) <= max(PATIENCE, seconds) + seconds + 10 * 0.01
    assert len(lines) <= 2 + 400 * seconds / PATIENCE  # and not more than that, but for 100 and 200


def test_a_fast_run_says_what_it_always_said(clock, capsys):
    lines = [line.split()[1] for _, line in lines_of(Progress(700, 0, Journal(None), False), clock, 700, 0.01, capsys)]
    assert lines == ["100/700", "200/700", "500/700", "700/700"]


def test_a_rate_stands_in_the_first_line_and_counts_what_this_process_played(clock, capsys):
    lines = lines_of(Progress(1000, 500, Journal(None), False), clock, 3, 60.0, capsys)
    assert [line for _, line in lines] == ["step 502/1000  1.0/min"]


def test_quiet_says_nothing(clock, capsys):
    assert lines_of(Progress(1000, 0, Journal(None), True), clock, 100, 200.0, capsys) == []


def test_a_notebook_shows_a_bar_that_moves_a_few_times_a_second(clock, monkeypatch):
    shown = []
    place = SimpleNamespace(update=shown.append)
    display = SimpleNamespace(HTML=str, display=lambda *arguments, **others: place)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(display=display))
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    shell = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setattr("builtins.get_ipython", lambda: shell, raising=False)
    journal = Journal(None)
    journal.write(1, {"generator/cost": 0.5})
    progress = Progress(1000, 0, journal, False)
    with progress:
        for step in range(1, 1001):
            clock.seconds += 0.01
            if progress.due(step, step == 1000):
                progress(SimpleNamespace(run=SimpleNamespace(steps_done=step)))
    assert 10 / 0.3 - 1 <= len(shown) <= 10 / 0.2 + 1  # in ten seconds
    assert shown[-1].startswith('<progress value="1000" max="1000">') and "100.0/s  G cost 0.5" in shown[-1]
    before = len(shown)
    Progress(1000, 0, journal, True)(SimpleNamespace(run=SimpleNamespace(steps_done=1000)))
    assert len(shown) == before  # quiet is quiet here too
