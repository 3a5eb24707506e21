"""Measuring the tests of a file: which lines does each run, and how long does it take?"""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

PLAIN = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", "--tb=no")
LAST = ("test_every_setting.py",)
CASES = 12
"""Of a test with more cases, so many face mutants, evenly spread; of one that tries settings, all."""
LONG = 30.0
"""Seconds after which a test is given up when it is measured: it faces no mutants, as it would be the last to do so."""


def measure(place: str, root: Path, kept: Path) -> int:
    """Run tests under coverage, a context each, and write down what each ran."""
    import coverage
    import pytest

    source = root / "src/gansmith"
    cover = coverage.Coverage(data_file=None, config_file=False, source=[str(source)])
    watch = _Watch(cover)
    cover.start()
    code = int(pytest.main([*PLAIN, place], plugins=[watch]))
    cover.stop()
    data = cover.get_data()
    lines: dict[str, dict[str, list[int]]] = {name: {} for name in watch.seconds}
    imported: dict[str, list[int]] = {}
    for file in data.measured_files():
        path = Path(file).relative_to(root).as_posix()
        for line, names in data.contexts_by_lineno(file).items():
            for name in names:
                if name in lines:
                    lines[name].setdefault(path, []).append(line)
                elif not name:
                    imported.setdefault(f"import {path}", []).append(line)
    told: list[Any] = [[name, watch.seconds[name], found] for name, found in lines.items()]
    if told:
        told[0][2] |= imported
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(told))
    return code


class _Watch:
    """Tells coverage whose turn it is, gives up what is long, and keeps the seconds of those that pass."""

    def __init__(self, cover: Any) -> None:
        self.cover = cover
        self.seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        signal.signal(signal.SIGALRM, _give_up)

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        cases = Counter(_function(item.nodeid) for item in items)
        seen = Counter[str]()
        for item in [*items]:
            name = _function(item.nodeid)
            place, count = seen[name], cases[name]
            seen[name] += 1
            if count > CASES and place * CASES % count >= CASES and Path(item.nodeid.split("::")[0]).name not in LAST:
                items.remove(item)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.cover.switch_context(nodeid)
        signal.setitimer(signal.ITIMER_REAL, LONG)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.outcome != "passed":
            self._failed.add(report.nodeid)
            self.seconds.pop(report.nodeid, None)
        elif report.nodeid not in self._failed:
            self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_runtest_logfinish(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        self.cover.switch_context("")


def _function(name: str) -> str:
    return name.split("[")[0]


def _give_up(*_: object) -> None:
    raise TimeoutError
